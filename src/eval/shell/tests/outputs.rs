//! What steps hand on.

use super::handed_on;

#[test]
fn every_way_of_writing_outputs() {
    let mut wrong = String::new();
    for (script, wanted) in [
        (
            "echo \"tag=${GITHUB_REF#refs/tags/}\" >> $GITHUB_OUTPUT",
            "tag=v1.2.3",
        ),
        (
            "echo \"tag=1\" >>\"${GITHUB_OUTPUT}\"; echo a=b >> \"$GITHUB_ENV\"",
            "tag=1 ; a=b",
        ),
        ("printf 'a=%s\\nb=%s\\n' 1 2 >> $GITHUB_OUTPUT", "a=1 ; b=2"),
        ("echo a=1 | tee -a $GITHUB_OUTPUT", "a=1"),
        (
            "{ echo 'tags<<EOF'; echo x; echo y; echo EOF; } >> \"$GITHUB_OUTPUT\"",
            "tags=x|y",
        ),
        (
            "echo 'tags<<EOF' >> $GITHUB_OUTPUT\nfor t in a b; do echo r:$t >> $GITHUB_OUTPUT; done\necho EOF >> $GITHUB_OUTPUT",
            "tags=r:a|r:b",
        ),
        (
            "cat <<EOF >> $GITHUB_OUTPUT\na=$GITHUB_REF_NAME\nb=2\nEOF",
            "a=v1.2.3 ; b=2",
        ),
        ("cat >> $GITHUB_ENV <<'EOF'\na=$X\nEOF\n", "a=$X"),
        ("cat <<-EOF | tee -a $GITHUB_OUTPUT\n\ta=1\n\tEOF\n", "a=1"),
        ("echo \"::set-output name=tag::v1\"", "tag=v1"),
        (
            "echo ::set-output name=sha_short::$(git rev-parse --short HEAD)",
            "sha_short=abcdef1",
        ),
        (
            "if [ $SECRET = x ]; then echo t=1 >> $GITHUB_OUTPUT; else echo t=2 >> $GITHUB_OUTPUT; fi",
            "t={?}",
        ),
        (
            "if [ $SECRET = x ]; then echo t=1 >> $GITHUB_OUTPUT; fi",
            "?t=1",
        ),
        (
            "if [ -z $SECRET ]; then exit 1; fi; echo t=1 >> $GITHUB_OUTPUT",
            "t=1",
        ),
        (
            "A=1\nA=$A,2\necho \"tags=$A\" >> $GITHUB_OUTPUT",
            "tags=1,2",
        ),
        ("true && echo a=1 >> $GITHUB_OUTPUT", "a=1"),
        ("if true; then echo a=1; fi >> $GITHUB_OUTPUT", "a=1"),
        (
            "V=\"$(curl -s x || true)\"\nif [ -z \"$V\" ] || [ \"$V\" == null ]; then\n exit 1\nfi\necho \"tag=$V\" >> \"$GITHUB_OUTPUT\"",
            "tag={?}",
        ),
        ("echo \"date=$(date -u +%Y)\" >> $GITHUB_OUTPUT", "date={?}"),
        (
            "echo a=1 > $GITHUB_OUTPUT; echo \"b=$a\" >> $GITHUB_STEP_SUMMARY",
            "a=1",
        ),
        (
            "TAGS=\"r:1\"; [ x = x ] && TAGS=\"$TAGS,r:latest\"; echo \"tags=${TAGS}\" >>$GITHUB_OUTPUT",
            "tags=r:1,r:latest",
        ),
    ] {
        let found = handed_on(script);
        if found != wanted {
            wrong.push_str(&format!(
                "\n--- {script}\n  wanted {wanted}\n  found  {found}\n"
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
