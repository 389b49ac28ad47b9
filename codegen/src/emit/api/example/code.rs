//! Formats the code of examples in the style of rustfmt: on one line if it fits, otherwise with a line for each call or item.

/// The width of a line, in bytes. A leaf that is longer is not broken.
const WIDTH: usize = 88;

/// An expression.
#[derive(Clone, Debug)]
pub(super) enum Code {
    /// Text that is never broken.
    Leaf(String),
    /// `[a, b]` or `vec![a, b]`: what is before the bracket, and the items.
    List(&'static str, Vec<Code>),
    /// `Head { field: value }`.
    Struct(String, Vec<(String, Code)>),
    /// `head` or `head(arguments)`, and the method calls that follow.
    Chain(String, Option<Vec<Code>>, Vec<(String, Vec<Code>)>),
}

impl Code {
    pub(super) fn leaf(text: impl Into<String>) -> Self {
        Self::Leaf(text.into())
    }

    /// A variable, with the method calls that follow.
    pub(super) fn variable(head: impl Into<String>, calls: Vec<(String, Vec<Code>)>) -> Self {
        Self::Chain(head.into(), None, calls)
    }

    /// A call of a function.
    pub(super) fn function(head: impl Into<String>, arguments: Vec<Code>) -> Self {
        Self::Chain(head.into(), Some(arguments), Vec::new())
    }

    /// Appends a method call.
    pub(super) fn then(self, method: impl Into<String>, arguments: Vec<Code>) -> Self {
        match self {
            Self::Chain(head, given, mut calls) => {
                calls.push((method.into(), arguments));
                Self::Chain(head, given, calls)
            }
            other => Self::Chain(other.line(), None, vec![(method.into(), arguments)]),
        }
    }

    /// The lines of a statement: `before`, such as `let contact = `, the expression, `end`, such as `.await?`, and a semicolon.
    pub(super) fn statement(self, before: &str, end: &str) -> Vec<String> {
        let line = format!("{before}{}{end};", self.line());
        if line.len() <= WIDTH {
            return vec![line];
        }
        let mut text = format!("{before}{}", self.layout(0, before.len(), end.len() + 1));
        // After a chain on several lines, the end has its own line, unless the last line is only the bracket that closes a function's
        // arguments.
        if text.contains('\n') && !end.is_empty() && matches!(self, Self::Chain(..)) && !text.ends_with("\n)") {
            text.push_str("\n    ");
        }
        format!("{text}{end};").lines().map(str::to_owned).collect()
    }

    /// Whether it has method calls.
    fn is_chain(&self) -> bool {
        matches!(self, Self::Chain(_, _, calls) if !calls.is_empty())
    }

    /// Formats on one line.
    pub(super) fn line(&self) -> String {
        let list = |items: &[Code]| items.iter().map(Self::line).collect::<Vec<_>>().join(", ");
        match self {
            Self::Leaf(text) => text.clone(),
            Self::List(before, items) => format!("{before}[{}]", list(items)),
            Self::Struct(head, fields) => {
                let fields: Vec<String> =
                    fields.iter().map(|(name, value)| format!("{name}: {}", value.line())).collect();
                format!("{head} {{ {} }}", fields.join(", "))
            }
            Self::Chain(head, arguments, calls) => {
                let mut text = head.clone();
                if let Some(arguments) = arguments {
                    text.push_str(&format!("({})", list(arguments)));
                }
                for (method, arguments) in calls {
                    text.push_str(&format!(".{method}({})", list(arguments)));
                }
                text
            }
        }
    }

    /// Formats on as many lines as needed, where all but the first are indented by at least `indent`. `used` columns of the first
    /// line, after its indentation, are taken already, and `behind` columns must stay free after the last line.
    fn layout(&self, indent: usize, used: usize, behind: usize) -> String {
        let line = self.line();
        if indent + used + line.len() + behind <= WIDTH {
            return line;
        }
        let (inner, outer) = (" ".repeat(indent + 4), " ".repeat(indent));
        let items = |items: &[Code]| -> String {
            items.iter().map(|item| format!("{inner}{},\n", item.layout(indent + 4, 0, 1))).collect()
        };
        match self {
            Self::Leaf(text) => text.clone(),
            Self::List(before, list) => format!("{before}[\n{}{outer}]", items(list)),
            Self::Struct(head, fields) => {
                let field = |(name, value): &(String, Code)| {
                    format!("{inner}{name}: {},\n", value.layout(indent + 4, name.len() + 2, 1))
                };
                format!("{head} {{\n{}{outer}}}", fields.iter().map(field).collect::<String>())
            }
            Self::Chain(head, arguments, calls) => {
                let mut text = head.clone();
                if let Some(arguments) = arguments {
                    let short = arguments.iter().map(Self::line).collect::<Vec<_>>().join(", ");
                    if arguments.is_empty() || indent + used + head.len() + short.len() + 2 <= WIDTH {
                        text.push_str(&format!("({short})"));
                    } else {
                        text.push_str(&format!("(\n{}{outer})", items(arguments)));
                    }
                }
                for (method, arguments) in calls {
                    let short = arguments.iter().map(Self::line).collect::<Vec<_>>().join(", ");
                    let fits = indent + 4 + method.len() + short.len() + 3 <= WIDTH;
                    let arguments = match &arguments[..] {
                        _ if fits => short,
                        // A single list or call begins after the bracket; a chain begins on its own line.
                        [only] if !only.is_chain() => only.layout(indent + 4, method.len() + 2, 1),
                        many => {
                            let deeper = " ".repeat(indent + 8);
                            let lines: String = many
                                .iter()
                                .map(|item| format!("{deeper}{},\n", item.layout(indent + 8, 0, 1)))
                                .collect();
                            format!("\n{lines}{inner}")
                        }
                    };
                    text.push_str(&format!("\n{inner}.{method}({arguments})"));
                }
                text
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn what_fits_is_on_one_line() {
        let code =
            Code::variable("client", Vec::new()).then("contacts", Vec::new()).then("find", vec![Code::leaf("\"1\"")]);
        assert_eq!(
            code.statement("let contact = ", ".await?"),
            ["let contact = client.contacts().find(\"1\").await?;"]
        );
    }

    #[test]
    fn a_long_chain_has_a_line_for_each_call() {
        let text = Code::leaf(format!("\"{}\"", "x".repeat(60)));
        let code = Code::variable("client", Vec::new()).then("contacts", Vec::new()).then("create", vec![text]);
        let lines = code.statement("let contact = ", ".await?");
        assert_eq!(lines[..2], ["let contact = client", "    .contacts()"]);
        assert_eq!(lines[3], "    .await?;");
    }
}
