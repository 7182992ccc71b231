//! Commands that shape text.

use super::check;

#[test]
fn filters_give_what_the_real_ones_do() {
    check(&[
        (
            "x $(echo \"$GITHUB_REPOSITORY\" | tr '[:upper:]' '[:lower:]') $(echo ABC | tr A-Z a-z) $(echo a/b | tr / -) $(echo a.b | tr -d .)",
            "x owner/app abc a-b ab",
        ),
        (
            "x $(echo 1.2.3 | cut -d. -f1) $(echo 1.2.3 | cut -d '.' -f 1,2) $(echo abcdef | cut -c1-3) $(echo a:b:c | cut -d: -f2-)",
            "x 1 1.2 abc b:c",
        ),
        (
            "x $(echo v1.2.3 | sed 's/^v//') $(echo a.b.c | sed -e 's/\\./-/g') $(echo a-1 | sed -E 's/([a-z])-([0-9]+)/\\2\\1/') $(echo a/b | sed 's|/|-|')",
            "x 1.2.3 a-b-c 1a a-b",
        ),
        (
            "x $(echo refs/tags/v1 | sed -n 's#refs/tags/##p') $(echo a | sed 's/b/c/;s/a/d/')",
            "x v1 d",
        ),
        (
            "x $(echo \"$GITHUB_REF\" | sed -e 's,.*/\\(.*\\),\\1,')",
            "x v1.2.3",
        ),
        (
            "x $(echo a/b/c | awk -F/ '{print $2}') $(echo 'a b' | awk '{ print $1 }') $(echo a/b/c | awk -F '/' '{print $NF}')",
            "x b a c",
        ),
        (
            "x $(printf 'b\\na\\n' | sort | head -n1) $(printf '1.10\\n1.9\\n' | sort -V | tail -1) $(printf 'a\\nb' | head -1)",
            "x a 1.10 a",
        ),
        (
            "x $(grep '\"version\"' sub/package.json | cut -d '\"' -f 4) $(grep -oP '(?<=\"version\": \")[^\"]+' sub/package.json)",
            "x 4.5.6 4.5.6",
        ),
        (
            "x $(jq -r .version sub/package.json) $(cd sub && jq -r '.version' package.json)",
            "x 4.5.6 4.5.6",
        ),
        (
            "if echo \"$GITHUB_REF\" | grep -qE '^refs/tags/v[0-9]+'; then a; else b; fi",
            "a",
        ),
        (
            "x $(jq -cr '.tags | map(\"-t \" + .) | join(\" \")' <<< \"$JSON\") y",
            "x -t a/b:1 -t a/b:latest y",
        ),
        (
            "x $(echo \"$JSON\" | jq -r '.tags[]') $(jq -r '.target.\"x-y\".n' <<< \"$JSON\") $(jq -r '.tags[0] // \"z\"' <<< \"$JSON\")",
            "x a/b:1 a/b:latest 2 a/b:1",
        ),
        (
            "x $(seq 1 3) $(echo abc | rev) $(echo abc | wc -c)",
            "x 1 2 3 cba 4",
        ),
        (
            "x $(echo \"v$SECRET\" | tr A-Z a-z) $(echo \"$SECRET\" | cut -d. -f1) $(echo \"a.$SECRET\" | cut -d. -f1)",
            "x v{?} {?} a",
        ),
        (
            "x $(echo \"$SECRET\" | sed s/a/b/)y $(echo \"$SECRET/a\" | tr / -)",
            "x {?}y {?}-a",
        ),
        ("x $(echo hi | tee f) $(cat f)", "x hi hi"),
        ("x $(yq .version f)", "yq .version f; x {?}"),
    ]);
}
