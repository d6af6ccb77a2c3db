//go:build unix

package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/socktrace/socktrace/intercept"
	"github.com/socktrace/socktrace/render"
)

// TestChecks: what flags say that exclude each other, or nothing, and the files that
// two things cannot both have.
func TestChecks(t *testing.T) {
	owns, child := source{ownsStdout: true}, source{childStdout: true}
	for _, c := range []struct {
		args string
		src  source
		want string // the error; empty: none
	}{
		{"", owns, ""}, {"", child, ""}, {"-o x --har y --pcapng z", owns, ""}, {"-o - --har y", owns, ""}, {"-o - ", child, ""}, {"--har -", source{}, ""}, {"-q --har -", owns, ""},
		{"--har -", owns, "the live output and --har cannot both have standard output"}, {"--pcapng -", owns, "the live output and --pcapng cannot both have standard output"},
		{"-o - --har -", source{}, "the live output and --har cannot both have standard output"}, {"--har - --pcapng -", source{}, "--har and --pcapng cannot both have standard output"}, {"-q --har - --pcapng -", owns, "--har and --pcapng cannot both have standard output"},
		{"--har -", child, "the command and --har cannot both have standard output"}, {"--pcapng -", child, "the command and --pcapng cannot both have standard output"},
		{"-o x --har x", owns, "the live output and --har cannot both be x"}, {"--har x --pcapng ./a/../x", owns, "--har and --pcapng cannot both be x"}, {"-o x/ --pcapng x", owns, "the live output and --pcapng cannot both be x"},
		{"-f yaml", owns, `--format "yaml": not one of ` + strings.Join(formatWords(), ", ")}, {"--heads all", owns, `--heads "all": not one of full, short, none`}, {"--color red", owns, `--color "red": not one of auto, always, never`},
		{"--all --heads short", owns, "--all is --heads full --bodies full: it excludes both"}, {"--all --bodies none", owns, "--all is --heads full --bodies full: it excludes both"}, {"--all", owns, ""}, {"--bodies all", owns, `--bodies "all": not one of full, short, none`}, {"--bodies none", owns, ""},
		{"-f text --heads full --color auto", owns, ""}, {"-f compact --heads short --color always", owns, ""}, {"-f jsonl --color never", owns, ""},
		{"-q --stats -o x", owns, ""}, {"-q --stats --har -", owns, "the live output and --har cannot both have standard output"}, {"-q --stats -o x --har x", owns, "the live output and --har cannot both be x"},
		{"-q -o x", owns, "--quiet and --output exclude each other: there is no live output to write to x"}, {"--show-secrets --mask a", owns, "--show-secrets and --mask a exclude each other"}, {"--mask a --mask=", owns, "--mask: an empty name"},
		{"--har-max-size 1M", owns, "--har-max-size needs --har FILE"}, {"--har-max-size 1M --har -", source{}, "--har-max-size needs --har FILE"}, {"--har-max-size 1M --har x", owns, ""}, {"--har-max-size 0 --har -", source{}, ""},
	} {
		o, cmd := newOptions(), &cobra.Command{}
		o.showFlags(cmd, c.src)
		if err := cmd.ParseFlags(strings.Fields(c.args)); err != nil {
			t.Fatal(err)
		}
		if err := o.check(c.src); err == nil && c.want != "" || err != nil && err.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.args, err, c.want)
		}
	}
	for name, want := range map[string]string{"": `--env "": not the name of a variable`, "a=b": `--env "a=b": not the name of a variable`, "A": ""} {
		o, cmd := newOptions(), &cobra.Command{}
		o.showFlags(cmd, owns)
		o.env = []string{"B", name}
		if err := o.check(owns); err == nil && want != "" || err != nil && err.Error() != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestLevels: a terminal shows what is short, files all, and a flag decides for both.
func TestLevels(t *testing.T) {
	for _, c := range []struct {
		args     string
		terminal bool
		heads    render.Heads
		bodies   render.Bodies
	}{
		{"", true, render.HeadsShort, render.BodiesShort}, {"", false, render.HeadsFull, render.BodiesFull},
		{"--all", true, render.HeadsFull, render.BodiesFull}, {"--all", false, render.HeadsFull, render.BodiesFull},
		{"--heads none", true, render.HeadsNone, render.BodiesShort}, {"--heads short", false, render.HeadsShort, render.BodiesFull},
		{"--bodies none", true, render.HeadsShort, render.BodiesNone}, {"--bodies short --heads full", false, render.HeadsFull, render.BodiesShort},
	} {
		o, cmd := newOptions(), &cobra.Command{}
		o.showFlags(cmd, source{})
		if err := cmd.ParseFlags(strings.Fields(c.args)); err != nil {
			t.Fatal(err)
		}
		latin := func(string) string { return "C" }
		got := o.renderOptions(&output{terminal: c.terminal}, false, latin)
		if got.Heads != c.heads || got.Bodies != c.bodies || got.ASCII != c.terminal {
			t.Errorf("%q, terminal %t: heads %d, bodies %d, ASCII %t", c.args, c.terminal, got.Heads, got.Bodies, got.ASCII)
		}
	}
}

// TestCompletions: a shell is told the words that a flag takes, and no files.
func TestCompletions(t *testing.T) {
	o, cmd := newOptions(), &cobra.Command{}
	o.showFlags(cmd, source{})
	for flag, want := range map[string][]string{"format": formatWords(), "heads": {"full", "short", "none"}, "bodies": {"full", "short", "none"}, "color": {"auto", "always", "never"}} {
		f, ok := cmd.GetFlagCompletionFunc(flag)
		if !ok {
			t.Fatalf("--%s is not completed", flag)
		}
		all, what := f(cmd, nil, "")
		var words []string
		for _, one := range all {
			word, _, _ := strings.Cut(one, "\t")
			words = append(words, word)
			o, cmd := newOptions(), &cobra.Command{}
			o.showFlags(cmd, source{})
			if err := cmd.Flags().Set(flag, word); err != nil || o.check(source{}) != nil {
				t.Errorf("--%s %s is told, and not taken", flag, word)
			}
		}
		if !slices.Equal(words, want) || what != cobra.ShellCompDirectiveNoFileComp {
			t.Errorf("--%s: %q, %d", flag, words, what)
		}
		if def := cmd.Flags().Lookup(flag).DefValue; def != want[0] && flag != "heads" && flag != "bodies" {
			t.Errorf("--%s is %s if it is not given", flag, def)
		}
	}
}

// TestSilence: what a command was called with may say why it made no connection.
func TestSilence(t *testing.T) {
	upstream := intercept.Upstream{Addr: intercept.Addr{Network: "unix", Address: "/s"}}
	for args, flag := range map[string]string{
		"docker ps": "", "docker exec web cmd -H x": "", "docker -H x ps": "-H", "docker --host=x ps": "--host", "docker --host x": "--host", "docker -c x ps": "-c", "/bin/docker --context x": "--context", "docker --context=x": "--context",
		"sh -c x": "", "sh -c docker -H x": "-H", "-H x": "", "docker -Hx --hosts x": "",
	} {
		var out strings.Builder
		explainSilence(&warner{w: &out}, strings.Fields(args), upstream)
		command, _, _ := strings.Cut(args, " ")
		want := "socktrace: " + command + " made no connection to unix:///s\nsocktrace: hint: it may not need the daemon, or not look at DOCKER_HOST (--env sets other variables; " + forAll() + " is for what looks at none)\n"
		if flag != "" {
			want = "socktrace: " + command + " made no connection to unix:///s\nsocktrace: hint: " + flag + " names a daemon past DOCKER_HOST; use socktrace run --upstream instead\n"
		}
		if out.String() != want {
			t.Errorf("%s: got\n%swant\n%s", args, &out, want)
		}
	}
}

// TestListenAddr listens in a folder of the user's own, unless it is said where.
func TestListenAddr(t *testing.T) {
	for flag, want := range map[string]map[string]string{
		"":             {"/run/user/1": "unix:///run/user/1/socktrace.sock", "": "unix://" + filepath.Join(os.TempDir(), "socktrace.sock")},
		"tcp://h:1":    {"/run/user/1": "tcp://h:1"},
		"unix:///here": {"": "unix:///here"},
	} {
		for dir, want := range want {
			addr, err := listenAddr(flag, func(name string) string {
				return map[string]string{"XDG_RUNTIME_DIR": dir}[name]
			})
			if err != nil || addr.String() != want {
				t.Errorf("%q with %q: %s, %v", flag, dir, addr, err)
			}
		}
	}
}

// TestFilterBodies: a filter looks at as much of bodies as is kept.
func TestFilterBodies(t *testing.T) {
	for args, want := range map[string]int64{
		"--filter request.body!=''": 1 << 20, "--max-body 10 --filter request.body!=''": 10, "--max-body 10 --grep x": 10, "--max-body 10 --filter status==1": 0,
	} {
		o, cmd := newOptions(), &cobra.Command{}
		o.showFlags(cmd, source{})
		if err := cmd.ParseFlags(strings.Fields(args)); err != nil {
			t.Fatal(err)
		}
		if err := o.check(source{}); err != nil {
			t.Fatal(err)
		}
		check(t, args, o.filter.wire().Needs().Body, want)
	}
}
