//! Words: what a command sees of them.

use super::check;

#[test]
fn quotes_and_splitting() {
    check(&[
        ("x a 'b c' \"d e\" f\\ g", "x a <b c> <d e> <f g>"),
        ("A='b  c'; x $A \"$A\" '$A'", "x b c <b  c> $A"),
        ("A=; x $A \"$A\" z", "x <> z"),
        ("x a$UNSET\"\"b \"\"", "x ab <>"),
        ("IFS=,; A=a,b,,c; x $A", "x a b <> c"),
        ("x {a,b}.{1..2} \"{a,b}\"", "x a.1 a.2 b.1 b.2 {a,b}"),
        ("x $'a\\tb' $\"c\"", "x <a\tb> c"),
        ("x \\\n  -t a \\\n  -f b .", "x -t a -f b ."),
        (
            "x ~/a *.zip --set=*.tags=b https://x/?a",
            "x ~/a {?}.zip --set=*.tags=b https://x/?a",
        ),
        ("x %SECRET% \"%SECRET%\" a%SECRET%", "x {?} {?} a{?}"),
        ("x # not this\nx '#' a#b", "x; x # a#b"),
    ]);
}

#[test]
fn parameters() {
    check(&[
        (
            "x ${GITHUB_REF#refs/tags/} ${GITHUB_REF##*/} ${GITHUB_REF%%/*}",
            "x v1.2.3 v1.2.3 refs",
        ),
        (
            "x ${GITHUB_SHA::7} ${GITHUB_SHA:0:3} ${GITHUB_REF_NAME:1} ${GITHUB_REF_NAME: -3}",
            "x abcdef1 abc 1.2.3 2.3",
        ),
        (
            "x ${GITHUB_REPOSITORY,,} ${GITHUB_REPOSITORY^^} ${GITHUB_REPOSITORY,}",
            "x owner/app OWNER/APP owner/App",
        ),
        (
            "V=v1.2.3; x ${V#v} ${V%.*} ${V%%.*} ${V/./-} ${V//./-} ${V/#v/w} ${V/%3/4}",
            "x 1.2.3 v1.2 v1 v1-2.3 v1-2-3 w1.2.3 v1.2.4",
        ),
        (
            "x ${U:-a b} \"${U:-a b}\" ${U:-\"a b\"} ${U-c} ${U:+d} ${GITHUB_SHA:+e}",
            "x a b <a b> <a b> c e",
        ),
        ("x ${U:=z}; x $U", "x z; x z"),
        (
            "x ${SECRET:-latest} ${SECRET#v} a${SECRET}",
            "x {?} {?} a{?}",
        ),
        (
            "V=v$SECRET; x ${V#v}-slim ${V%-slim} ${V:0:1}",
            "x {?}-slim {?} v",
        ),
        ("B=feature/$SECRET; x ${B//\\//-}", "x feature-{?}"),
        ("A=abc; N=A; x ${!N} ${#A} ${A:1:1}", "x abc 3 b"),
        (
            "x $((1+2*3)) $(( (1 + 2) * 3 )) $((7/2)) $((2**10)) $((SECRET+1))",
            "x 7 9 3 1024 {?}",
        ),
        ("I=1; ((I++)); ((I+=5)); let J=I*2; x $I $J", "x 7 14"),
        (
            "set -- a 'b c'; x $# $1 \"$2\" \"$@\"; shift; x \"$@\"",
            "x 2 a <b c> a <b c>; x <b c>",
        ),
    ]);
}

#[test]
fn arrays() {
    check(&[
        (
            "A=(a 'b c'); A+=(d); x \"${A[@]}\" ${#A[@]} ${A[1]} \"${A[*]}\" ${A[-1]}",
            "x a <b c> d 3 b c <a b c d> d",
        ),
        ("A=(); x \"${A[@]}\" .", "x ."),
        ("A=(1 2); x \"${A[@]/#/-t r:}\"", "x <-t r:1> <-t r:2>"),
        ("A=(1 2); x ${A[@]/#/-t r:} .", "x -t r:1 -t r:2 ."),
        (
            "declare -A M=([a]=1 [b]=2); M[c]=3; x ${M[b]} ${M[c]} \"${!M[@]}\"",
            "x 2 3 a b c",
        ),
        (
            "IFS=',' read -ra T <<< 'a,b,c'; for t in \"${T[@]}\"; do x -t $t; done; y ${T[0]}",
            "x -t a; x -t b; x -t c; y a",
        ),
        (
            "mapfile -t L < <(printf 'a\\nb\\n'); x \"${L[@]}\"",
            "x a b",
        ),
        (
            "A=(--tag a); if %SECRET%; then A+=(--tag b); fi; x build \"${A[@]}\" .",
            "{?}; x build --tag a (--tag) (b) .",
        ),
    ]);
}

#[test]
fn substitutions() {
    check(&[
        ("x a:$(git describe --tags --always) b", "x a:v1.2.3 b"),
        (
            "x `git rev-parse --short HEAD` $(git log -1 --format=%h)",
            "x abcdef1 abcdef1",
        ),
        ("x $(cat VERSION) $(<VERSION)", "x 1.2.3 1.2.3"),
        (
            "V=$(curl -s https://x | jq -r .tag); x a:$V",
            "curl -s https://x; x a:{?}",
        ),
        ("x $(echo a; echo b) \"$(echo a; echo b)\"", "x a b <a\nb>"),
        (
            "x $(for t in a b; do echo \"-t r:$t\"; done) .",
            "x -t r:a -t r:b .",
        ),
        ("x a:$(date +%Y%m%d)", "x a:{?}"),
        ("echo 9 > v; x $(cat v)", "x 9"),
        ("x $(basename /a/b.c .c) $(dirname /a/b.c)", "x b /a"),
        ("f() { echo \"$1-$2\"; }; x $(f a b)", "x a-b"),
        (
            "x $(printf '%s@sha256:%s ' r a r b)",
            "x r@sha256:a r@sha256:b",
        ),
        ("x $(printf 'r@sha256:%s ' *)", "x r@sha256:{?}"),
    ]);
}

#[test]
fn words_that_the_grammar_parts_are_one() {
    check(&[
        ("B=$U/x:$V-gpu; x $B", "x /x:-gpu"),
        (
            "U=a V=b; B=$U/x:$V-gpu; x $B -t $U/$V-$U",
            "x a/x:b-gpu -t a/b-a",
        ),
        ("V=1; export B=q/$V/x:$V-gpu; x $B", "x q/1/x:1-gpu"),
        (
            "V=1; for i in $V/x:$V-gpu $V/$V; do x $i; done",
            "x 1/x:1-gpu; x 1/1",
        ),
        ("V=1; A=$V/x:$V-gpu B=$V/y:$V-a x c$V/$V:$V-b", "x c1/1:1-b"),
    ]);
}

#[test]
fn scripts_of_the_repository_are_run() {
    check(&[
        (
            "HIDDEN=y; export VERSION=1.2; ./ci/push.sh a/b; x $VERSION",
            "x push a/b:1.2 none; x 1.2",
        ),
        ("VERSION=1.2 bash -e ci/push.sh a/b", "x push a/b:1.2 none"),
        (
            "export VERSION=3; cd ci && sh ./push.sh c",
            "x push c:3 none",
        ),
        (". ci/vars.sh; x $(full):$NAME", "x acme/app:app"),
        (
            "./ci/tool push; ./ci/absent.sh a",
            "./ci/tool push; ./ci/absent.sh a",
        ),
        ("./ci/loop.sh; x done", "./ci/loop.sh; x done"),
    ]);
}
