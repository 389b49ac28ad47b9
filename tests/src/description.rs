//! A small reader of descriptions, independent of the generator's IR: generated code is tested against the document itself, with its
//! overlays applied.

use std::fs;
use std::path::{Path, PathBuf};

use intercom_codegen::import::{Counts, import};
use intercom_codegen::overlay::{self, FOLDERS, YamlFile};
use intercom_codegen::version::Version;
use intercom_codegen::yaml;
use serde_json::{Map, Value};

/// The methods that a path item may have.
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// A description with its overlays applied.
#[derive(Debug)]
pub struct Description {
    version: Version,
    document: Value,
}

/// An operation of a description.
#[derive(Clone, Debug)]
pub struct Operation<'a> {
    /// The method, in upper case.
    pub method: String,
    /// The path template.
    pub path: &'a str,
    /// The parameters of the path item and of the operation, with references resolved.
    pub parameters: Vec<Parameter<'a>>,
    /// The request body.
    pub body: Option<Media<'a>>,
    /// The responses, with their statuses.
    pub responses: Vec<Response<'a>>,
    /// The operation in the document, for its extensions.
    pub source: &'a Map<String, Value>,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Parameter<'a> {
    /// The name that is sent.
    pub name: &'a str,
    /// `path` if the path template has a parameter of this name, otherwise the declared place, such as `query` or `header`.
    pub location: &'a str,
    /// Whether it is required.
    pub required: bool,
    /// The schema of its value.
    pub schema: &'a Value,
    /// Whether a list is sent as repeated keys, and an object as separate keys.
    pub explode: bool,
    /// The example of the parameter.
    pub example: Option<&'a Value>,
}

/// A response.
#[derive(Clone, Debug)]
pub struct Response<'a> {
    /// The status as in the description: `200`, …, `default`.
    pub status: &'a str,
    /// The body, if the response has content.
    pub media: Option<Media<'a>>,
}

/// A body, in the first media type that the description declares.
#[derive(Clone, Debug)]
pub struct Media<'a> {
    /// The media type, such as `application/json`.
    pub media_type: &'a str,
    /// The schema; null if there is none.
    pub schema: &'a Value,
    /// The examples, by name.
    pub examples: Vec<(String, &'a Value)>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn overlays() -> Vec<YamlFile> {
    let mut paths: Vec<PathBuf> = Vec::new();
    for folder in FOLDERS.iter().map(|folder| root().join("descriptions").join(folder)) {
        let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        paths.extend(entries.map(|entry| entry.unwrap_or_else(|error| panic!("{error}")).path()));
    }
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    paths.sort();
    let name = |path: &Path| path.strip_prefix(root()).unwrap_or(path).display().to_string();
    paths.iter().map(|path| YamlFile { name: name(path), text: read(path) }).collect()
}

impl Description {
    /// Reads the description of a version: `2.15`, `preview`.
    pub fn of(version: &str) -> Self {
        let version: Version = version.parse().unwrap_or_else(|error| panic!("{error}"));
        let text = read(&root().join("descriptions").join(version.folder()).join("api.intercom.io.yaml"));
        let mut document = yaml::read(&text).unwrap_or_else(|error| panic!("{version}: {error}"));
        overlay::apply(&mut document, &overlays(), version).unwrap_or_else(|error| panic!("{version}: {error}"));
        Self { version, document }
    }

    /// The counts of an import of the description, such as the number of examples of successes.
    pub fn imported(&self) -> Counts {
        let path = root().join("descriptions").join(self.version.folder()).join("api.intercom.io.yaml");
        import(&read(&path)).unwrap_or_else(|error| panic!("{}: {error}", self.version)).counts
    }

    /// Whether there is a schema with this name.
    pub fn has_schema(&self, name: &str) -> bool {
        self.document["components"]["schemas"].get(name).is_some()
    }

    /// The value of the version header.
    pub fn version(&self) -> String {
        self.version.to_string()
    }

    /// All operations, in the order of the document.
    pub fn operations(&self) -> Vec<Operation<'_>> {
        let mut all = Vec::new();
        for (path, item) in members(&self.document["paths"]) {
            for (method, source) in members(item).filter(|(method, _)| METHODS.contains(method)) {
                let source = source.as_object().unwrap_or_else(|| panic!("{method} {path} is no object"));
                all.push(self.operation(path, method, item, source));
            }
        }
        all
    }

    fn operation<'a>(
        &'a self,
        path: &'a str,
        method: &str,
        item: &'a Value,
        source: &'a Map<String, Value>,
    ) -> Operation<'a> {
        let own = source.get("parameters").and_then(Value::as_array).into_iter().flatten();
        let shared = item["parameters"].as_array().into_iter().flatten();
        let mut parameters: Vec<Parameter<'a>> = Vec::new();
        for parameter in own.chain(shared).map(|parameter| self.resolve(parameter)) {
            let name = text(&parameter["name"]);
            if parameters.iter().any(|known| known.name == name) {
                continue;
            }
            let in_path = path.contains(&format!("{{{name}}}"));
            parameters.push(Parameter {
                name,
                location: if in_path { "path" } else { text(&parameter["in"]) },
                required: in_path || parameter["required"] == true,
                schema: &parameter["schema"],
                explode: parameter["explode"] != false,
                example: parameter.get("example"),
            });
        }
        let responses = source.get("responses").into_iter().flat_map(members);
        Operation {
            method: method.to_uppercase(),
            path,
            parameters,
            body: source.get("requestBody").and_then(|body| self.media(self.resolve(body))),
            responses: responses
                .map(|(status, response)| Response { status, media: self.media(self.resolve(response)) })
                .collect(),
            source,
        }
    }

    fn media<'a>(&'a self, holder: &'a Value) -> Option<Media<'a>> {
        let (media_type, media) = members(&holder["content"]).next()?;
        let mut examples: Vec<(String, &Value)> = members(&media["examples"])
            .map(|(name, example)| (name.to_owned(), &self.resolve(example)["value"]))
            .collect();
        examples.extend(media.get("example").map(|example| ("example".to_owned(), example)));
        Some(Media { media_type, schema: &media["schema"], examples })
    }

    /// Resolves a reference; other values are returned as they are.
    pub fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        let mut value = value;
        while let Some(reference) = value.get("$ref").and_then(Value::as_str) {
            let pointer =
                reference.strip_prefix('#').unwrap_or_else(|| panic!("{reference} leads out of the document"));
            value = self.document.pointer(pointer).unwrap_or_else(|| panic!("{reference} leads nowhere"));
        }
        value
    }
}

impl Operation<'_> {
    /// Method and path: `GET /contacts/{id}`.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The first 2xx response.
    pub fn success(&self) -> Option<&Response<'_>> {
        self.responses.iter().find(|response| response.status.starts_with('2'))
    }

    /// The style of pagination, if an overlay has one: `cursor`, `page`, `scroll`.
    pub fn paging_style(&self) -> Option<&str> {
        self.source.get("x-sdk-pagination")?.get("style")?.as_str()
    }

    /// Whether the response is a file, according to an overlay.
    pub fn is_download(&self) -> bool {
        self.source.get("x-sdk-download").is_some_and(|flag| flag == true)
    }
}

/// The members of an object; none for other values.
pub fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(key, value)| (key.as_str(), value))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Description;

    #[test]
    fn parameters_of_the_path_item_belong_to_its_operations() {
        let description = Description::of("2.15");
        let operations = description.operations();
        assert_eq!(operations.len(), 162);
        for operation in &operations {
            for name in operation.path.split('{').skip(1).filter_map(|part| part.split('}').next()) {
                let declared = operation.parameters.iter().find(|parameter| parameter.name == name);
                assert!(declared.is_some_and(|parameter| parameter.location == "path"), "{}: {name}", operation.name());
            }
        }
    }
}
