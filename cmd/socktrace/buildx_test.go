//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/internal/need"
)

// builder is a command that builds with BuildKit, without the folder to build.
type builder struct {
	name  string
	args  []string
	env   []string
	calls []string // by which it has the daemon build; the first says why that failed
}

// builders returns docker's plugin buildx, of each client, and the clients that build
// with BuildKit by themselves. The plugin is looked for in PATH.
func builders(t *testing.T) (list []builder) {
	t.Helper()
	if testing.Short() {
		t.Skip("builds 20 MB several times")
	}
	plugin := need.Program(t, "docker-buildx")
	config := t.TempDir()
	if err := os.Mkdir(filepath.Join(config, "cli-plugins"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(plugin, filepath.Join(config, "cli-plugins", "docker-buildx")); err != nil {
		t.Fatal(err)
	}
	for _, docker := range dockers(t) {
		list = append(list, builder{docker.version + " buildx", []string{docker.path, "buildx", "build"}, []string{"DOCKER_CONFIG=" + config}, []string{"Control/Solve", "Control/Status"}})
	}
	for _, docker := range buildsWithBuildKit(t) {
		list = append(list, builder{docker.version + " build", []string{docker.path, "build"}, []string{"DOCKER_BUILDKIT=1"}, []string{"ImageBuild"}})
	}
	return list
}

// build is the command that builds a folder, with a secret and with an argument that is
// one.
func (b builder) build(t *testing.T, folder string) []string {
	t.Helper()
	file, image := filepath.Join(t.TempDir(), "key"), uniqueName()
	if err := os.WriteFile(file, []byte(secret("key")), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = exec.Command(b.args[0], "rmi", "-f", image).Run() })
	return append(slices.Clone(b.args), "--progress", "plain", "--no-cache", "--network", "none", "--secret", "id=key,src="+file,
		"--build-arg", "NPM_TOKEN="+secret("npm"), "-t", image, folder)
}

// trace builds folder through socktrace with these flags.
func (b builder) trace(t *testing.T, folder string, flags ...string) result {
	t.Helper()
	return socktrace(t, environ(b.env...), append(append([]string{"run"}, append(flags, "--")...), b.build(t, folder)...)...).end()
}

// recipe returns a folder to be built, of some 20 MB, whose last step runs command, and
// the paths that are not ignored.
func recipe(t *testing.T, command string) (folder string, paths []string) {
	t.Helper()
	folder, want := contextFolder(t)
	for name, text := range map[string]string{
		"Dockerfile": "FROM " + testImage + "\nARG NPM_TOKEN\nCOPY . /x\nRUN --mount=type=secret,id=key " + command + "\n",
		"big":        strings.Repeat("0123456789abcdef", 20<<16),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return folder, pathsOf(want)
}

// TestBuilders builds with a secret and an argument that is one: the build says what it
// says without socktrace, each call and each message has a name, the list of the
// context is that of the folder, the secrets are in no output, and the recordings say
// the same.
func TestBuilders(t *testing.T) {
	for _, b := range builders(t) {
		t.Run(b.name, func(t *testing.T) {
			const command = "test -s /run/secrets/key && echo built"
			folder, _ := recipe(t, command)
			args := b.build(t, folder)
			direct := launch(t, environ(b.env...), args[0], args[1:]...).end()
			check(t, "status of the direct build", direct.status, "exit status 0")
			folder, want := recipe(t, command) // the daemon keeps what it has of the other
			r := recordingsIn(t.TempDir())
			checkBuilt(t, direct, b.trace(t, folder, r.flags()...), "built")
			all := eventsIn(t, r.live)
			checkCalls(t, all)
			for _, call := range append(b.calls, "FileSync/DiffCopy", "Secrets/GetSecret") {
				all.operation(t, call)
			}
			if got := all.context(t); !slices.Equal(got, want) {
				t.Errorf("the context is\n%q, want\n%q", got, want)
			}
			checkKept(t, r)
			r.pcapng = r.har // what is masked later has other marks
			checkAgree(t, r, "--show-secrets=false")
		})
	}
}

// TestBuildersFail builds what fails: the build says so as without socktrace, so does
// the trace, and the recordings say the same, with all secrets and without.
func TestBuildersFail(t *testing.T) {
	const command, why = "echo begun; exit 7", "exit code: 7"
	for _, b := range builders(t) {
		t.Run(b.name, func(t *testing.T) {
			folder, _ := recipe(t, command)
			args := b.build(t, folder)
			direct := launch(t, environ(b.env...), args[0], args[1:]...).end()
			check(t, "status of the direct build", direct.status, "exit status 1")
			for _, secrets := range []string{"--show-secrets=false", "--show-secrets"} {
				folder, _ := recipe(t, command)
				r := recordingsIn(t.TempDir())
				checkBuilt(t, direct, b.trace(t, folder, append(r.flags(), secrets)...), why)
				all := eventsIn(t, r.live)
				checkCalls(t, all)
				if !slices.ContainsFunc(all.of("exchange"), func(ev event) bool { return ev.Operation == b.calls[0] && strings.Contains(ev.Error, why) }) {
					t.Errorf("%s: no %s says why the build failed", secrets, b.calls[0])
				}
				if secrets == "--show-secrets=false" {
					checkKept(t, r)
					r.pcapng = r.har // what is masked later has other marks
				}
				checkAgree(t, r, secrets)
			}
		})
	}
}

// checkBuilt checks that a build said what it says without socktrace, and said text.
func checkBuilt(t *testing.T, direct, traced result, text string) {
	t.Helper()
	check(t, "status", traced.status, direct.status)
	got := ownLines.ReplaceAllString(traced.err, "")
	checkLines(t, "stdout", plainProgress(traced.out), plainProgress(direct.out))
	checkLines(t, "stderr", plainProgress(got), plainProgress(direct.err))
	if !strings.Contains(got, text) {
		t.Errorf("it does not say %q:\n%s", text, tail(got))
	}
}

// unsteady is what two builds print differently, by how long their steps take: how far
// one has come, and after what time.
var unsteady = []struct {
	pattern *regexp.Regexp
	instead string
}{
	{regexp.MustCompile(`(?m)^(#\d+ )?(\d+\.\d+ )?`), ""},
	{regexp.MustCompile(` ?\d+\.\d+s\b`), ""},
	{regexp.MustCompile(`(?m)^(transferring|exporting|writing|naming|sha256:|unpacking|extracting|resolve) .*\n`), ""},
	{regexp.MustCompile(`(?m)^(CACHED|DONE|\.\.\.)?\n`), ""},
	{regexp.MustCompile(`/\S+/(Dockerfile)`), "$1"},
}

// plainProgress returns the lines of a build's progress that do not vary, sorted: steps
// run at the same time.
func plainProgress(text string) string {
	text = normalise(text)
	for _, v := range unsteady {
		text = v.pattern.ReplaceAllString(text, v.instead)
	}
	all := slices.Collect(strings.Lines(text))
	slices.Sort(all)
	return strings.Join(slices.Compact(all), "")
}

// checkKept checks that the secrets of a build are in the bytes that were recorded, and
// in no view of them.
func checkKept(t *testing.T, r recordings) {
	t.Helper()
	secrets := []string{secret("key"), secret("npm")}
	raw := readFile(t, r.pcapng)
	texts := map[string]string{"live": readFile(t, r.live), "har": readFile(t, r.har)}
	for _, file := range []string{r.live, r.har, r.pcapng} {
		again := filepath.Join(t.TempDir(), "again.har")
		for _, view := range [][]string{{"-f", "text"}, {"-f", "compact"}, {"-f", "jsonl"}, {"-q", "--har", again}} {
			got := socktrace(t, nil, append([]string{"read", file}, view...)...).end()
			check(t, "status", got.status, "exit status 0")
			texts[strings.Join(view, " ")+" of "+filepath.Ext(file)] = got.out + got.err
		}
		texts["har of "+filepath.Ext(file)] = readFile(t, again)
	}
	for _, s := range secrets {
		if !strings.Contains(raw, s) {
			t.Errorf("%s was not said", s)
		}
		for what, text := range texts {
			if len(text) == 0 && !strings.HasPrefix(what, "-q") || seen(text, s) {
				t.Errorf("%s: %s is seen in %d bytes", what, s, len(text))
			}
		}
	}
}
