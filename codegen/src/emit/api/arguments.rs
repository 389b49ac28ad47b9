//! The arguments of the method that makes a request: what an operation cannot do without.
//!
//! ```text
//! pub fn tag_conversation(&self, conversation_id: impl Into<Id>, ids: TagConversationIds) -> Request<TagConversation>
//!
//! pub struct TagConversationIds { pub tag_id: Id, pub admin_id: Id }    // three ids in a row are named by the caller
//! ```

use std::ops::Range;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::request::{Request, converted, set_param};
use crate::docs;
use crate::emit::rust::{Style, doc, ident};
use crate::ir::{Field, Given, RustName, Ty, TypeTable, ids_in_a_row};
use crate::names::Scope;

/// An argument.
pub(super) struct Argument<'a> {
    pub(super) name: Ident,
    pub(super) of: Given<'a>,
    /// Whether it is the query of a search.
    is_query: bool,
    /// Whether it comes in the struct of ids.
    in_ids: bool,
}

/// The arguments of a method.
pub(super) struct Arguments<'a> {
    pub(super) all: Vec<Argument<'a>>,
    ids: Option<Ids>,
}

/// The argument that takes several ids.
struct Ids {
    /// What the argument and its type are called.
    name: Ident,
    ty: Ident,
    /// The arguments that it stands for.
    range: Range<usize>,
}

impl<'a> Request<'a> {
    /// The arguments of the operation's method.
    pub(super) fn arguments(&self, types: &'a TypeTable) -> Arguments<'a> {
        let given = self.operation.arguments(types).into_iter().map(|(name, of)| {
            let is_query = matches!(of, Given::Field(field) if self.query_of(field).is_some());
            (if is_query { RustName("query".to_owned()) } else { name }, of, is_query)
        });
        Arguments::new(given, self.operation.ids_type.as_ref(), types)
    }
}

impl<'a> Arguments<'a> {
    /// Gives each argument a name of its own: a field of the body may be called as a parameter is.
    pub(super) fn new(
        given: impl Iterator<Item = (RustName, Given<'a>, bool)>,
        ids_type: Option<&RustName>,
        types: &TypeTable,
    ) -> Self {
        let mut scope = Scope::default();
        let mut all: Vec<Argument<'a>> = given
            .map(|(name, of, is_query)| Argument { name: ident(&scope.claim(name)), of, is_query, in_ids: false })
            .collect();
        let range = ids_in_a_row(types, all.iter().map(|argument| argument.of.ty()));
        let ids = ids_type.zip(range).map(|(ty, range)| {
            all[range.clone()].iter_mut().for_each(|argument| argument.in_ids = true);
            Ids { name: ident(&scope.claim(RustName("ids".to_owned()))), ty: ident(ty), range }
        });
        Self { all, ids }
    }

    /// Whether one of them has this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.all.iter().any(|argument| argument.name == name) || self.ids.iter().any(|ids| ids.name == name)
    }

    /// The parameters of the method, each after a comma. `module` is where the struct of ids is.
    pub(super) fn parameters(&self, style: &Style<'_>, module: &TokenStream) -> TokenStream {
        self.each(|argument| argument.parameter(style), |Ids { name, ty, .. }| quote!(#name: #module #ty))
    }

    /// The arguments of a call with the same arguments.
    pub(super) fn passed(&self) -> TokenStream {
        self.each(
            |Argument { name, .. }| quote!(#name),
            |ids| {
                let name = &ids.name;
                quote!(#name)
            },
        )
    }

    fn each(&self, one: impl Fn(&Argument<'a>) -> TokenStream, several: impl Fn(&Ids) -> TokenStream) -> TokenStream {
        let mut list = Vec::new();
        for (index, argument) in self.all.iter().enumerate() {
            match &self.ids {
                Some(ids) if ids.range.start == index => list.push(several(ids)),
                _ if argument.in_ids => {}
                _ => list.push(one(argument)),
            }
        }
        quote!(#(#list),*)
    }

    /// The struct of ids, and which arguments it stands for.
    pub(super) fn struct_of_ids(&self) -> Option<(&Ident, Range<usize>)> {
        self.ids.as_ref().map(|ids| (&ids.ty, ids.range.clone()))
    }

    /// What is known of them, as a section of the method's documentation; empty where that is nothing. The ids of the
    /// struct are described there.
    pub(super) fn section(&self) -> String {
        let described = self.all.iter().filter(|argument| !argument.in_ids);
        let items = described.filter_map(|argument| docs::of_argument(&argument.name.to_string(), argument.of.doc()?));
        let items: Vec<String> = items.collect();
        if items.is_empty() { String::new() } else { format!("# Arguments\n\n{}\n\n", items.join("\n")) }
    }

    /// The statement that takes the struct of ids apart.
    pub(super) fn taken_apart(&self) -> Option<TokenStream> {
        let Ids { name, ty, range } = self.ids.as_ref()?;
        let fields = self.all[range.clone()].iter().map(|argument| &argument.name);
        Some(quote!(let #ty { #(#fields),* } = #name;))
    }

    /// The struct of ids.
    pub(super) fn definition(&self, method: &str, style: &Style<'_>) -> TokenStream {
        let Some(Ids { ty, range, .. }) = &self.ids else { return TokenStream::new() };
        let about =
            doc(&format!(" The ids that {method} takes beside the first, by name, so that none is taken for another."));
        let (clone, id) = (style.std("Clone"), style.rt("Id"));
        let fields = self.all[range.clone()].iter().map(|argument| {
            let (name, about) = (&argument.name, doc(&argument.doc()));
            quote!(#about pub #name: #id,)
        });
        quote! {
            #about
            #[derive(#clone, Debug)]
            pub struct #ty { #(#fields)* }
        }
    }
}

impl Argument<'_> {
    /// The parameter of the method.
    fn parameter(&self, style: &Style<'_>) -> TokenStream {
        let name = &self.name;
        let accepts = match &self.of {
            Given::Field(_) if self.is_query => {
                let into = style.std("Into");
                quote!(impl #into<intercom_runtime::search::Query>)
            }
            Given::Part(field) if field.ty == Ty::Bytes => style.rt("Part"),
            of => style.argument(name, of.ty()).0,
        };
        quote!(#name: #accepts)
    }

    /// The statements that put a parameter into the call.
    pub(super) fn put(&self, request: &Ident, style: &Style<'_>) -> TokenStream {
        let name = &self.name;
        match self.of {
            Given::Param(param) => {
                let (_, convert) = style.argument(name, &param.ty);
                let converted = converted(name, &param.ty, &convert, style).filter(|_| !self.in_ids);
                let set = set_param(param, name, &quote!(#request.call));
                quote!(#converted #set)
            }
            Given::Field(_) | Given::Part(_) | Given::Body(_) => TokenStream::new(),
        }
    }

    fn doc(&self) -> String {
        match self.of {
            Given::Param(param) => docs::of_param(&format!("The parameter `{}`.", param.wire.0), param),
            Given::Field(field) | Given::Part(field) => docs::of_field(&format!("`{}`.", field.wire.0), field),
            Given::Body(_) => String::new(),
        }
    }
}

/// How a part is added to a form: the statement that converts its value, and the call.
pub(super) fn added_part(field: &Field, name: &Ident, style: &Style<'_>) -> (Option<TokenStream>, TokenStream) {
    let wire = &field.wire.0;
    if field.ty == Ty::Bytes {
        return (None, quote!(.part(#wire, #name)));
    }
    let (_, convert) = style.argument(name, &field.ty);
    (converted(name, &field.ty, &convert, style), quote!(.text(#wire, #name)))
}
