//! HCL's own syntax, from the parser's tree into ours.

use hcl_edit::Span;
use hcl_edit::expr::{
    BinaryOperator, Expression, ForExpr, ObjectKey, TraversalOperator, UnaryOperator,
};
use hcl_edit::structure::{Body as HclBody, Structure};

use super::template::parts;
use super::{Attribute, Block, Body, Expr, For, Names, Node, Operator, Part, Step};
use crate::eval::bake::error::{At, Fault, Outcome};
use crate::eval::bake::value::{Text, Value};
use crate::eval::unknown::clean;

/// Reads a file.
pub(in crate::eval::bake) fn parse(text: &str, file: usize) -> Outcome<Body> {
    let tree = hcl_edit::parser::parse_body(text).map_err(|error| {
        let offset = error.location().offset();
        Fault::at(At::new(file, offset..offset), error.message())
    })?;
    let reader = Reader {
        file,
        all: None,
        indent: 0,
    };
    reader.body(&tree)
}

/// Reads an expression that stands inside a text; all of it is at one place.
pub(in crate::eval::bake) fn parse_inside(text: &str, at: At) -> Outcome<Expr> {
    let tree = hcl_edit::parser::parse_expr(text)
        .map_err(|error| Fault::at(at, error.message().to_owned()))?;
    let reader = Reader {
        file: at.file,
        all: Some(at),
        indent: 0,
    };
    reader.expression(&tree)
}

/// Turns nodes of one file into ours.
pub(super) struct Reader {
    pub(super) file: usize,
    /// Where everything stands, if the text has no places of its own.
    pub(super) all: Option<At>,
    /// Blanks that each line of the heredoc around loses. The parser takes them from its own text,
    /// not from the text inside directives.
    pub(super) indent: usize,
}

impl Reader {
    pub(super) fn at(&self, node: &impl Span) -> At {
        self.all
            .unwrap_or_else(|| At::new(self.file, node.span().unwrap_or_default()))
    }

    fn body(&self, tree: &HclBody) -> Outcome<Body> {
        let mut body = Body::default();
        for structure in tree {
            match structure {
                Structure::Attribute(attribute) => {
                    let name = attribute.key.as_str();
                    if body.attribute(name).is_some() {
                        let message = format!("the attribute `{name}` stands twice");
                        return Err(Fault::at(self.at(&attribute.key), message));
                    }
                    body.attributes.push(Attribute {
                        name: name.into(),
                        value: self.expression(&attribute.value)?.into(),
                    });
                }
                Structure::Block(block) => {
                    let at = match block.labels.first() {
                        Some(label) => self.at(label),
                        None => self.at(&block.ident),
                    };
                    body.blocks.push(Block {
                        kind: block.ident.as_str().into(),
                        labels: block.labels.iter().map(|l| l.as_str().into()).collect(),
                        body: self.body(&block.body)?,
                        at,
                    });
                }
            }
        }
        Ok(body)
    }

    pub(super) fn expression(&self, tree: &Expression) -> Outcome<Expr> {
        let at = self.at(tree);
        let node = match tree {
            Expression::Null(_) => Node::Literal(Value::NULL),
            Expression::Bool(value) => Node::Literal(Value::Bool(*value.value())),
            Expression::Number(value) => {
                let number = value.value().as_f64().unwrap_or_default();
                Node::Literal(Value::Number(number))
            }
            Expression::String(text) => literal(text.value(), at),
            Expression::StringTemplate(template) => Node::Template(parts(self, template)?),
            Expression::HeredocTemplate(heredoc) => {
                let reader = Self {
                    indent: heredoc.indent().unwrap_or(0),
                    ..*self
                };
                let parts = parts(&reader, &heredoc.template)?;
                match parts.as_slice() {
                    [] => literal("", at),
                    [Part::Literal(text)] => literal(text, at),
                    _ => Node::Template(parts),
                }
            }
            Expression::Array(items) => {
                let items: Outcome<_> = items.iter().map(|item| self.expression(item)).collect();
                Node::Tuple(items?)
            }
            Expression::Object(object) => {
                let mut entries = Vec::with_capacity(object.len());
                for (key, value) in object {
                    entries.push((self.key(key)?, self.expression(value.expr())?));
                }
                Node::Object(entries)
            }
            Expression::Parenthesis(inner) => return self.expression(inner.inner()),
            Expression::Variable(name) => Node::Variable(name.as_str().into()),
            Expression::Conditional(parts) => Node::Conditional(Box::new([
                self.expression(&parts.cond_expr)?,
                self.expression(&parts.true_expr)?,
                self.expression(&parts.false_expr)?,
            ])),
            Expression::FuncCall(call) => {
                let names = call.name.namespace.iter().map(|part| part.as_str());
                let name: Vec<&str> = names.chain([call.name.name.as_str()]).collect();
                let arguments: Outcome<_> =
                    call.args.iter().map(|item| self.expression(item)).collect();
                Node::Call(name.join("::").into(), arguments?, call.args.expand_final())
            }
            Expression::Traversal(traversal) => {
                let steps: Outcome<_> = traversal
                    .operators
                    .iter()
                    .map(|operator| self.step(operator.value(), self.at(operator)))
                    .collect();
                Node::Traversal(Box::new(self.expression(&traversal.expr)?), steps?)
            }
            Expression::UnaryOp(operation) => {
                let inner = Box::new(self.expression(&operation.expr)?);
                match operation.operator.value() {
                    UnaryOperator::Neg => Node::Negate(inner),
                    UnaryOperator::Not => Node::Not(inner),
                }
            }
            Expression::BinaryOp(operation) => Node::Binary(
                operator(*operation.operator.value()),
                Box::new([
                    self.expression(&operation.lhs_expr)?,
                    self.expression(&operation.rhs_expr)?,
                ]),
            ),
            Expression::ForExpr(tree) => Node::For(Box::new(self.for_each(tree)?)),
        };
        Ok(Expr { node, at })
    }

    fn key(&self, key: &ObjectKey) -> Outcome<Expr> {
        match key {
            ObjectKey::Ident(name) => {
                let at = self.at(name);
                Ok(Expr {
                    node: literal(name.as_str(), at),
                    at,
                })
            }
            ObjectKey::Expression(expression) => self.expression(expression),
        }
    }

    fn step(&self, operator: &TraversalOperator, at: At) -> Outcome<Step> {
        Ok(match operator {
            TraversalOperator::AttrSplat(_) => Step::NameSplat,
            TraversalOperator::FullSplat(_) => Step::FullSplat,
            TraversalOperator::GetAttr(name) => Step::Name(name.as_str().into(), at),
            TraversalOperator::Index(index) => Step::Index(self.expression(index)?),
            TraversalOperator::LegacyIndex(index) => Step::Index(Expr {
                node: Node::Literal(Value::Number(*index.value() as f64)),
                at,
            }),
        })
    }

    fn for_each(&self, tree: &ForExpr) -> Outcome<For> {
        let optional = |tree: Option<&Expression>| tree.map(|e| self.expression(e)).transpose();
        Ok(For {
            names: Names {
                key: tree.intro.key_var.as_ref().map(|name| name.as_str().into()),
                value: tree.intro.value_var.as_str().into(),
            },
            collection: self.expression(&tree.intro.collection_expr)?,
            key: optional(tree.key_expr.as_ref())?,
            value: self.expression(&tree.value_expr)?,
            grouped: tree.grouping,
            condition: optional(tree.cond.as_ref().map(|cond| &cond.expr))?,
        })
    }
}

pub(super) fn literal(text: &str, at: At) -> Node {
    Node::Literal(Value::Text(Text {
        // An escape can write any character, also those that stand for unknown parts.
        text: clean(text).as_ref().into(),
        at: Some(at),
    }))
}

fn operator(operator: BinaryOperator) -> Operator {
    match operator {
        BinaryOperator::Eq => Operator::Equal,
        BinaryOperator::NotEq => Operator::NotEqual,
        BinaryOperator::LessEq => Operator::LessOrEqual,
        BinaryOperator::GreaterEq => Operator::GreaterOrEqual,
        BinaryOperator::Less => Operator::Less,
        BinaryOperator::Greater => Operator::Greater,
        BinaryOperator::Plus => Operator::Add,
        BinaryOperator::Minus => Operator::Subtract,
        BinaryOperator::Mul => Operator::Multiply,
        BinaryOperator::Div => Operator::Divide,
        BinaryOperator::Mod => Operator::Modulo,
        BinaryOperator::And => Operator::And,
        BinaryOperator::Or => Operator::Or,
    }
}
