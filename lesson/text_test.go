package lesson

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/internal/need"
)

// TestInLines: a shell reads the same words of a command in lines.
func TestInLines(t *testing.T) {
	sh := need.Program(t, "bash")
	for _, command := range []string{
		`x -a 'b -c' -d "e -f \" -g" -h $'i\' -j' 'k'\''l -m' -n\ -o 'http://h/' > 'p -q'`,
		`x --data '{"a":"it'"'"'s -b"}' -H "$AUTH -c" 'http://localhost/v1.41/containers/create?name=a%20-b'`,
		`x -X POST 'a\' -b 'c' -d`,
	} {
		command += " -z " + strings.Repeat("y", maxCommand)
		lines := inLines(command)
		if !strings.Contains(lines, "\n") {
			t.Errorf("one line: %s", lines)
		}
		words := func(text string) string {
			out, err := exec.Command(sh, "-c", "x() { printf '<%s>' \"$@\"; }; cd "+t.TempDir()+"; "+text+"; cat p* 2>/dev/null").CombinedOutput()
			if err != nil && len(out) == 0 {
				t.Fatal(err)
			}
			return string(out)
		}
		if got, want := words(lines), words(command); got != want || !strings.Contains(got, "<-z>") {
			t.Errorf("%s\ngives %s\nwant %s", lines, got, want)
		}
	}
	if got := inLines("curl -a b"); got != "curl -a b" {
		t.Errorf("a short one: %q", got)
	}
}

// TestNews: what was said is not said again.
func TestNews(t *testing.T) {
	const said = " The docker CLI waits before it starts the container, so that an end cannot be missed."
	const text = "The head comes at once. docker run waits before it starts the container, so that no end is missed. 7 names."
	if got := news(text, said); got != "The head comes at once. 7 names." {
		t.Errorf("%q", got)
	}
	if got := news(text, ""); got != text {
		t.Errorf("%q", got)
	}
}
