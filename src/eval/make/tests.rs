use super::*;

/// A host that writes down what it is asked to run.
#[derive(Default)]
struct Paper {
    lines: Vec<String>,
    files: Vec<(&'static str, &'static str)>,
}

impl Host for Paper {
    fn shell(&mut self, command: &str) -> String {
        match command {
            "git describe --tags" => "v1.2.3".to_owned(),
            other => format!("<{other}>"),
        }
    }

    fn file(&mut self, path: &str) -> Option<String> {
        let mut files = self.files.iter();
        files.find_map(|(own, text)| (*own == path).then(|| (*text).to_owned()))
    }

    fn variable(&mut self, name: &str) -> Option<String> {
        (name == "FROM_ENV").then(|| "env".to_owned())
    }

    fn unknown(&mut self, _: &str, _: &str) -> String {
        "\u{f0000}".to_owned()
    }

    fn recipe(&mut self, line: &Line<'_>) {
        self.lines.push(format!("{}: {}", line.target, line.text));
    }
}

fn made(text: &str, goal: &str, overrides: &[(&str, &str)]) -> Vec<String> {
    let mut host = Paper {
        files: vec![("common.mk", "REGISTRY := quay.io\n")],
        ..Paper::default()
    };
    let overrides: Vec<(String, String)> = overrides
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect();
    let mut makefile = read(text, &overrides, &mut host);
    build(&mut makefile, goal, &mut host);
    host.lines
}

#[test]
fn variables_have_their_flavors() {
    let text = "A = $(B)\nB := x\nC := $(B)\nB += y\nD ?= d\nFROM_ENV ?= file\nE ?= e\n\
                all:\n\t@echo $(A) $(C) $(D) $(FROM_ENV) $(E) $$HOME\n";
    assert_eq!(made(text, "all", &[]), ["all: echo x y x d env e $HOME"]);
    assert_eq!(
        made(text, "all", &[("B", "z"), ("E", "f")]),
        ["all: echo z z d env f $HOME"]
    );
}

#[test]
fn needs_come_first_and_once() {
    let text = "all: b a\na: c\n\techo a\nb: c\n\techo b $< $^\nc:\n\techo c $@\n";
    assert_eq!(
        made(text, "all", &[]),
        ["c: echo c c", "b: echo b c c", "a: echo a"]
    );
}

#[test]
fn conditionals_are_decided_where_they_stand() {
    let text = "ifeq ($(X),1)\nT = one\nelse ifdef FROM_ENV\nT = env\nelse\nT = none\nendif\n\
                ifneq \"$(X)\" \"\"\nU = set\nendif\n\
                all:\n\techo $(T) $(U)\nifdef X\n\techo x\nendif\n";
    assert_eq!(made(text, "all", &[]), ["all: echo env "]);
    assert_eq!(
        made(text, "all", &[("X", "1")]),
        ["all: echo one set", "all: echo x"]
    );
}

#[test]
fn functions_of_texts() {
    for (call, wanted) in [
        ("$(subst v,,v1.v2)", "1.2"),
        ("$(patsubst v%,%,v1 w2)", "1 w2"),
        ("$(LIST:%.c=%.o)", "a.o b.o"),
        ("$(LIST:.c=.o)", "a.o b.o"),
        ("$(filter %.c,a.c b.h)", "a.c"),
        ("$(filter-out %.c,a.c b.h)", "b.h"),
        ("$(firstword x y) $(lastword x y) $(word 2,x y z)", "x y y"),
        ("$(wordlist 1,2,a b c)", "a b"),
        ("$(if ,no,yes) $(if x,yes)", "yes yes"),
        ("$(or ,a,b) $(and a,b)", "a b"),
        ("$(foreach v,a b,$(v)-$(v))", "a-a b-b"),
        ("$(call pair,1,2)", "2/1"),
        ("$(addprefix -t ,a b)", "-t a -t b"),
        ("$(notdir a/b) $(dir a/b) $(basename x.tar)", "b a/ x"),
        ("$(shell git describe --tags)", "v1.2.3"),
        ("$(origin FROM_ENV) $(origin LIST)", "environment file"),
        ("$(sort b a b) $(words a b) $(strip  a   b )", "a b 2 a b"),
        ("$(words $(subst ., ,1.2.3))", "3"),
    ] {
        let text = format!("LIST = a.c b.c\npair = $(2)/$(1)\nall:\n\techo {call}\n");
        assert_eq!(
            made(&text, "all", &[]),
            [format!("all: echo {wanted}")],
            "{call}"
        );
    }
}

#[test]
fn patterns_targets_and_definitions() {
    let text = "include common.mk\ndefine push\ndocker tag $(1)\ndocker push $(1)\nendef\n\
                push-%: build-%\n\t$(call push,$(REGISTRY)/$*:$(TAG))\n\
                build-%:\n\tdocker build \\\n\t  -t $* .\n\
                push-a: TAG = 1\n.PHONY: push-a\n";
    assert_eq!(
        made(text, "push-a", &[]),
        [
            "build-a: docker build \\\n  -t a .",
            "push-a: docker tag quay.io/a:1",
            "push-a: docker push quay.io/a:1"
        ]
    );
}

#[test]
fn hostile_files_end() {
    made("A = $(A)\nall:\n\techo $(A)\n", "all", &[]);
    made("all: all b\nb: all\n", "all", &[]);
    made(
        "include common.mk\n-include x\n$(eval $(eval x))\ndefine y\n",
        "all",
        &[],
    );
    made("ifeq\nelse\nendif\nendif\n:\n=\n\techo\n", "", &[]);
}
