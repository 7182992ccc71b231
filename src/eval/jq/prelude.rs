//! Functions that are written in `jq` itself.

use std::sync::OnceLock;

use super::parse;
use super::syntax::Definition;

const TEXT: &str = r#"
def map(f): [.[] | f];
def values: select(. != null);
def nulls: select(. == null);
def booleans: select(type == "boolean");
def numbers: select(type == "number");
def strings: select(type == "string");
def arrays: select(type == "array");
def objects: select(type == "object");
def iterables: select(type == "array" or type == "object");
def scalars: select(type != "array" and type != "object");
def any: any(.[]; .);
def all: all(.[]; .);
def add(f): reduce f as $item (null; . + $item);
def with_entries(f): to_entries | map(f) | from_entries;
def paths: path(..) | select(length > 0);
def leaf_paths: paths(type != "array" and type != "object");
def in(holder): . as $key | holder | has($key);
def inside(holder): . as $part | holder | contains($part);
def repeat(f): def again: f, again; again;
def nth($index): .[$index];
def walk(f):
  def inner:
    if type == "object" then map_values(inner) elif type == "array" then map(inner) else . end | f;
  inner;
def combinations:
  if length == 0 then [] else .[0][] as $head | (.[1:] | combinations) as $tail | [$head] + $tail end;
def combinations($count): . as $choices | [range($count) | $choices] | combinations;
def todate: strftime("%Y-%m-%dT%H:%M:%SZ");
def todateiso8601: todate;
def date: todate;
def fromdateiso8601: strptime("%Y-%m-%dT%H:%M:%SZ") | mktime;
def fromdate: fromdateiso8601;
def match($pattern): _match($pattern)[];
def match($pattern; $flags): _match($pattern; $flags)[];
def capture($pattern): capture($pattern; null);
def capture($pattern; $flags): match($pattern; $flags)
  | reduce (.captures[] | select(.name != null)) as $own ({}; . + {($own.name): $own.string});
def scan($pattern): scan($pattern; null);
def scan($pattern; $flags): match($pattern; "g" + $flags)
  | if .captures == [] then .string else [.captures[].string] end;
def split($pattern; $flags): . as $text
  | [foreach (match($pattern; $flags + "g"), null) as $found
      ({from: 0, part: null};
       if $found == null then .part = $text[.from:]
       else .part = $text[.from:$found.offset] | .from = $found.offset + $found.length end;
       .part)];
def splits($pattern): splits($pattern; null);
def splits($pattern; $flags): split($pattern; $flags) | .[];
def ascii: [.] | implode;
def pick(places): . as $whole
  | reduce path(places) as $place (null; setpath($place; $whole | getpath($place)));
def tostream: path(def inner: (.[]? | inner), .; inner) as $place
  | getpath($place)
  | reduce path(.[]?) as $key ([$place, .]; [$place + $key]);
def IN(source): any(source == .; .);
def IN(items; source): any(items == source; .);
def INDEX(f): INDEX(.[]; f);
def INDEX(source; f): reduce source as $row ({}; .[$row | f | tostring] |= $row);
def finites: select(isinfinite or isnan | not);
def normals: select(isnormal);
def have_decnum: true;
def have_literal_numbers: true;
"#;

/// A function by its name and the number of its arguments.
pub(super) fn function(name: &str, arity: usize) -> Option<&'static Definition> {
    static PRELUDE: OnceLock<Vec<Definition>> = OnceLock::new();
    PRELUDE
        .get_or_init(|| parse::definitions(TEXT).unwrap_or_default())
        .iter()
        .find(|own| own.name == name && own.parameters.len() == arity)
}

#[cfg(test)]
mod tests {
    #[test]
    fn all_definitions_are_read() {
        assert!(super::parse::definitions(super::TEXT).is_some());
    }
}
