//! The arguments of the method that creates a request: the required parameters, and what the body requires. Of three or more consecutive
//! ids, those after the first become a struct, so that the caller names them.
//!
//! ```text
//! pub fn tag_conversation(&self, conversation_id: impl Into<Id>, ids: TagConversationIds) -> Request<TagConversation>
//!
//! pub struct TagConversationIds { pub tag_id: Id, pub admin_id: Id }
//! ```

use std::ops::Range;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::request::{RequestModel, converted, set_param};
use crate::doc_comments;
use crate::emit::rust::{Imports, doc, ident};
use crate::ir::{ArgumentTarget, Field, RustName, Ty, TypeTable, ids_in_struct};
use crate::names::Scope;

/// An argument of a method, or a field of the struct of ids that the method takes.
pub(super) struct Argument<'a> {
    pub(super) name: Ident,
    pub(super) target: ArgumentTarget<'a>,
    /// Whether it is the query of a search.
    is_query: bool,
    /// Whether it is a field of the struct of ids.
    in_ids: bool,
}

/// The arguments of a method.
pub(super) struct Arguments<'a> {
    pub(super) all: Vec<Argument<'a>>,
    ids: Option<Ids>,
}

/// The argument that is a struct of several ids.
struct Ids {
    /// The name of the argument.
    name: Ident,
    /// The name of its type.
    ty: Ident,
    /// The arguments that it replaces.
    range: Range<usize>,
}

impl<'a> RequestModel<'a> {
    /// The arguments of the operation's method.
    pub(super) fn arguments(&self, types: &'a TypeTable) -> Arguments<'a> {
        let given = self.operation.arguments(types).into_iter().map(|(name, target)| {
            let is_query = matches!(target, ArgumentTarget::Field(field) if self.query_of(field).is_some());
            (if is_query { RustName("query".to_owned()) } else { name }, target, is_query)
        });
        Arguments::new(given, self.operation.ids_type.as_ref(), types)
    }
}

impl<'a> Arguments<'a> {
    /// Creates the arguments from the name, the target and `is_query` of each. Gives each a unique name, since a field of the body may have
    /// the name of a parameter.
    pub(super) fn new(
        given: impl Iterator<Item = (RustName, ArgumentTarget<'a>, bool)>,
        ids_type: Option<&RustName>,
        types: &TypeTable,
    ) -> Self {
        let mut scope = Scope::default();
        let mut all: Vec<Argument<'a>> = given
            .map(|(name, target, is_query)| Argument {
                name: ident(&scope.claim(name)),
                target,
                is_query,
                in_ids: false,
            })
            .collect();
        let range = ids_in_struct(types, all.iter().map(|argument| argument.target.ty()));
        let ids = ids_type.zip(range).map(|(ty, range)| {
            all[range.clone()].iter_mut().for_each(|argument| argument.in_ids = true);
            Ids { name: ident(&scope.claim(RustName("ids".to_owned()))), ty: ident(ty), range }
        });
        Self { all, ids }
    }

    /// Whether an argument has this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.all.iter().any(|argument| argument.name == name) || self.ids.iter().any(|ids| ids.name == name)
    }

    /// The parameters of the method, separated by commas. `module` is the path to the module of the struct of ids, with the colons that
    /// follow; empty in that module.
    pub(super) fn parameters(&self, imports: &Imports<'_>, module: &TokenStream) -> TokenStream {
        self.each(|argument| argument.parameter(imports), |Ids { name, ty, .. }| quote!(#name: #module #ty))
    }

    /// The arguments of a call that passes the method's own arguments on.
    pub(super) fn passed(&self) -> TokenStream {
        self.each(
            |Argument { name, .. }| quote!(#name),
            |ids| {
                let name = &ids.name;
                quote!(#name)
            },
        )
    }

    /// The list of the method's arguments: `one` writes an argument, `several` the struct of ids.
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

    /// The type of the struct of ids, and the range of the arguments that it replaces.
    pub(super) fn struct_of_ids(&self) -> Option<(&Ident, Range<usize>)> {
        self.ids.as_ref().map(|ids| (&ids.ty, ids.range.clone()))
    }

    /// The `# Arguments` section of the method's documentation; empty if there is nothing to say. Ids in the struct are documented on the
    /// struct.
    pub(super) fn section(&self) -> String {
        let described = self.all.iter().filter(|argument| !argument.in_ids);
        let items = described
            .filter_map(|argument| doc_comments::of_argument(&argument.name.to_string(), argument.target.doc()?));
        let ids = self.ids.iter().map(|Ids { name, ty, .. }| format!("- `{name}`: [`{ty}`], the other ids."));
        let items: Vec<String> = items.chain(ids).collect();
        if items.is_empty() { String::new() } else { format!("# Arguments\n\n{}\n\n", items.join("\n")) }
    }

    /// The statement that takes the struct of ids apart.
    pub(super) fn destructured(&self) -> Option<TokenStream> {
        let Ids { name, ty, range } = self.ids.as_ref()?;
        let fields = self.all[range.clone()].iter().map(|argument| &argument.name);
        Some(quote!(let #ty { #(#fields),* } = #name;))
    }

    /// The definition of the struct of ids; empty if there is none. `method` is a link to the method.
    pub(super) fn definition(&self, method: &str, imports: &Imports<'_>) -> TokenStream {
        let Some(Ids { ty, range, .. }) = &self.ids else { return TokenStream::new() };
        let about =
            doc(&format!(" The ids that {method} takes after the first, named so that they cannot be confused."));
        let (clone, id) = (imports.std("Clone"), imports.library("Id"));
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
    fn parameter(&self, imports: &Imports<'_>) -> TokenStream {
        let name = &self.name;
        let accepts = match &self.target {
            ArgumentTarget::Field(_) if self.is_query => {
                let into = imports.std("Into");
                quote!(impl #into<intercom_runtime::search::Query>)
            }
            ArgumentTarget::Part(field) if field.ty == Ty::Bytes => imports.library("Part"),
            target => imports.argument(name, target.ty()).0,
        };
        quote!(#name: #accepts)
    }

    /// The statements that put a parameter into the call of `request`. There are none for an argument that goes into the body.
    pub(super) fn put(&self, request: &Ident, imports: &Imports<'_>) -> TokenStream {
        let name = &self.name;
        match self.target {
            ArgumentTarget::Param(param) => {
                let (_, convert) = imports.argument(name, &param.ty);
                let converted = converted(name, &param.ty, &convert, imports).filter(|_| !self.in_ids);
                let set = set_param(param, name, &quote!(#request.call));
                quote!(#converted #set)
            }
            ArgumentTarget::Field(_) | ArgumentTarget::Part(_) | ArgumentTarget::Body(_) => TokenStream::new(),
        }
    }

    /// The documentation of a field of the struct of ids.
    fn doc(&self) -> String {
        match self.target {
            ArgumentTarget::Param(param) => {
                doc_comments::of_param(&format!("The parameter `{}`.", param.wire.0), param)
            }
            ArgumentTarget::Field(field) | ArgumentTarget::Part(field) => {
                doc_comments::of_field(&format!("`{}`.", field.wire.0), field)
            }
            ArgumentTarget::Body(_) => String::new(),
        }
    }
}

/// How a part is added to a form: the statement that converts its value, if it needs one, and the method call.
pub(super) fn added_part(field: &Field, name: &Ident, imports: &Imports<'_>) -> (Option<TokenStream>, TokenStream) {
    let wire = &field.wire.0;
    if field.ty == Ty::Bytes {
        return (None, quote!(.part(#wire, #name)));
    }
    let (_, convert) = imports.argument(name, &field.ty);
    (converted(name, &field.ty, &convert, imports), quote!(.text(#wire, #name)))
}
