//! The syntax tree of a `jq` program.

/// A filter: it takes one value and gives any number of them.
#[derive(Debug)]
pub(super) enum Filter {
    /// `.`
    Identity,
    /// `..`
    Everything,
    Null,
    Bool(bool),
    Number(f64, String),
    /// Text with what is interpolated, by the format before it.
    Text(Option<String>, Vec<Piece>),
    /// `@name` by itself.
    Format(String),
    Index(Box<Filter>, Box<Filter>),
    Slice(Box<Filter>, Option<Box<Filter>>, Option<Box<Filter>>),
    /// `.[]`
    Each(Box<Filter>),
    Try(Box<Filter>, Option<Box<Filter>>),
    /// An index, slice or `.[]` with `?`: a value that has none is passed over, and an error before
    /// that is not.
    Maybe(Box<Filter>),
    Array(Option<Box<Filter>>),
    Object(Vec<(Filter, Filter)>),
    Negative(Box<Filter>),
    Pipe(Box<Filter>, Box<Filter>),
    Comma(Box<Filter>, Box<Filter>),
    Operation(Operator, Box<Filter>, Box<Filter>),
    And(Box<Filter>, Box<Filter>),
    Or(Box<Filter>, Box<Filter>),
    /// `//`
    Otherwise(Box<Filter>, Box<Filter>),
    Update(Update, Box<Filter>, Box<Filter>),
    If(Box<Filter>, Box<Filter>, Option<Box<Filter>>),
    Reduce(Box<Fold>),
    Foreach(Box<Fold>),
    Bind(Box<Filter>, Box<Pattern>, Box<Filter>),
    Define(Box<Definition>, Box<Filter>),
    Call(String, Vec<Filter>),
    Variable(String),
    /// A variable of the environment: `env.NAME` or `$ENV.NAME`.
    Environment(String),
    Label(String, Box<Filter>),
    Break(String),
}

#[derive(Debug)]
pub(super) enum Piece {
    Plain(String),
    Filter(Filter),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Update {
    /// `=`
    Set,
    /// `|=`
    Modify,
    /// `+=` and its like.
    Operation(Operator),
    /// `//=`
    Otherwise,
}

/// `reduce` and `foreach`.
#[derive(Debug)]
pub(super) struct Fold {
    pub(super) source: Filter,
    pub(super) pattern: Pattern,
    pub(super) start: Filter,
    pub(super) update: Filter,
    pub(super) extract: Option<Filter>,
}

/// What `as` takes a value apart with.
#[derive(Debug)]
pub(super) enum Pattern {
    Variable(String),
    Array(Vec<Pattern>),
    /// The variable that an entry may bind as a whole, its key, and the pattern of its value.
    Object(Vec<(Option<String>, Filter, Option<Pattern>)>),
}

/// `def name(parameters): body;`
#[derive(Debug)]
pub(super) struct Definition {
    pub(super) name: String,
    /// Those that are written `$name` too, with their dollar.
    pub(super) parameters: Vec<String>,
    pub(super) body: Filter,
}
