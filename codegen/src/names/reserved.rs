//! Reserved names: names that have another meaning in a generated crate, listed by the kind of item whose name could collide
//! with them.
//!
//! An item whose name is reserved gets a fixed other name, which does not depend on the other names of the description:
//!
//! | item | name |
//! |---|---|
//! | group | `…_group` |
//! | setter, constructor, argument for a parameter | `set_…` |
//! | field | `…_field` |
//! | module | `…_type` |
//! | operation type, variant | `…Alt`; the value `Unknown` of a string enum gets `UnknownValue`, see [`variant`](super::variant) |

/// What a name of the description is used for in the generated crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    /// A group: a method of the client, a module, a cargo feature and the handle's type at once.
    Group,
    /// A type in the module of a group, such as that of an operation.
    GroupType,
    /// A setter of a request, or an argument for a parameter.
    Setter,
    /// A setter of a request for a paginated list.
    PagedSetter,
    /// A field of a struct.
    Field,
    /// A constructor or setter of a struct.
    TypeMethod,
    /// A variant of an enum or union.
    Variant,
    /// A module of types, which is also a file name.
    TypeModule,
}

impl NameKind {
    /// The names that must not be used for it.
    pub fn reserved(self) -> impl Iterator<Item = &'static str> {
        let lists: &[&[&str]] = match self {
            Self::Group => &[CLIENT_METHODS, CRATES, FEATURES, FILES, GROUPS_NAMED_LIKE_IMPORTS],
            Self::GroupType => &[&["Request", "Setters"]],
            Self::Setter => &[REQUEST_METHODS],
            Self::PagedSetter => &[REQUEST_METHODS, PAGING_METHODS],
            Self::Field => &[&["extra"]],
            Self::TypeMethod => &[TYPE_METHODS],
            Self::Variant => &[&["Unknown"]],
            Self::TypeModule => &[FILES],
        };
        lists.iter().flat_map(|list| list.iter().copied())
    }

    /// The name to use instead, if the name is reserved.
    pub fn instead_of(self, name: &str) -> Option<String> {
        self.reserved().any(|taken| taken == name).then(|| match self {
            Self::Group => format!("{name}_group"),
            Self::Setter | Self::PagedSetter | Self::TypeMethod => format!("set_{name}"),
            Self::Field => format!("{name}_field"),
            Self::TypeModule => format!("{name}_type"),
            Self::GroupType | Self::Variant => format!("{name}Alt"),
        })
    }
}

/// The methods of the client, including those of common traits.
const CLIENT_METHODS: &[&str] = &[
    "new",
    "from_env",
    "builder",
    "core",
    "get",
    "request",
    "rate_limit",
    "clone",
    "as_ref",
    "from",
    "into",
    "try_into",
    "borrow",
    "borrow_mut",
    "to_owned",
    "type_id",
    "fmt",
];

/// The crates that the modules of groups refer to; a module of the same name beside them would shadow the crate.
const CRATES: &[&str] = &["intercom_runtime", "intercom_data"];

/// The cargo features that are not groups of operations, written with underscores instead of hyphens. A crate may lack some of them.
const FEATURES: &[&str] = &[
    "default",
    "rustls",
    "native_tls",
    "tracing",
    "blocking",
    "gzip",
    "http2",
    "chrono",
    "jiff",
    "time",
    "operations",
    "unused_types",
    "client",
    "webhooks",
    "canvas_kit",
    "fin_events",
];

/// File names with a meaning for the compiler.
const FILES: &[&str] = &["mod", "lib", "main"];

/// Names of groups whose handles would be called `Request` or `Setters`, as types that modules of groups import.
const GROUPS_NAMED_LIKE_IMPORTS: &[&str] = &["request", "setters"];

/// The methods of requests. Some requests have only a part of them: `items` is for paginated lists, `wait` for jobs.
const REQUEST_METHODS: &[&str] = &[
    "new",
    "with_options",
    "with_body",
    "with_form",
    "maybe",
    "extra",
    "send",
    "send_as",
    "send_raw",
    "items",
    "pages",
    "wait",
    "poller",
    "into_call",
    "into_future",
    "clone",
];

/// Further methods of requests for paginated lists. On other requests, a setter may have one of these names.
const PAGING_METHODS: &[&str] = &["page", "per_page", "starting_at"];

/// Associated functions of types: `from_json` of structs and unions, and `maybe` of structs that are sent.
const TYPE_METHODS: &[&str] = &["from_json", "maybe"];

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// The names of the functions that a text defines.
    fn functions(text: &str) -> impl Iterator<Item = &str> {
        text.split("fn ").skip(1).filter_map(|rest| rest.split(['(', '<']).next())
    }

    fn file(path: &str) -> String {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    #[test]
    fn every_method_of_requests_is_reserved() {
        let macros = file("../runtime/src/macros.rs");
        let request = macros.split("macro_rules! request").nth(1).unwrap();
        let taken: Vec<&str> = NameKind::PagedSetter.reserved().collect();
        let mut seen = 0;
        for function in functions(request).filter(|function| *function != "fmt") {
            assert!(taken.contains(&function), "`{function}` is a method of requests");
            seen += 1;
        }
        assert!(seen > 10, "only {seen} methods were found");
    }

    #[test]
    fn every_method_of_types_is_reserved() {
        let macros = file("../data/src/macros.rs");
        let shared = macros.split("macro_rules! __serde").nth(1).unwrap().split("macro_rules!").next().unwrap();
        let methods: Vec<&str> = shared.split("pub fn ").skip(1).filter_map(|rest| rest.split('(').next()).collect();
        let taken: Vec<&str> = NameKind::TypeMethod.reserved().collect();
        assert!(!methods.is_empty() && methods.iter().all(|method| taken.contains(method)), "{methods:?}");
    }

    #[test]
    fn every_platform_feature_is_reserved_for_groups() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../descriptions/platform");
        let taken: Vec<&str> = NameKind::Group.reserved().collect();
        let mut seen = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            for feature in text.lines().filter_map(|line| line.strip_prefix("feature: ")) {
                assert!(taken.contains(&feature.trim()), "`{feature}` is a feature");
                seen += 1;
            }
        }
        assert!(seen > 0, "no file of descriptions/platform was found");
    }

    #[test]
    fn every_method_and_feature_of_crates_is_reserved_for_groups() {
        let taken: Vec<&str> = NameKind::Group.reserved().collect();
        let client = file("src/emit/client.rs");
        let emitted = client.split("fn client(").nth(1).unwrap();
        for function in functions(emitted).filter(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '_')) {
            assert!(taken.contains(&function) || function == "names_of", "`{function}` is a method of the client");
        }
        let manifest = file("src/emit/package_files.rs");
        let features = manifest.split("[features]\n").nth(1).unwrap().split("\"#,").next().unwrap();
        let mut seen = 0;
        for feature in features.lines().filter_map(|line| line.split_once(" = [")).map(|(name, _)| name) {
            assert!(taken.contains(&feature.replace('-', "_").as_str()), "`{feature}` is a feature");
            seen += 1;
        }
        assert!(seen > 5, "only {seen} features were found");
    }
}
