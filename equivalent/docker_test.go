package equivalent

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

var update = flag.Bool("update", false, "write the golden files anew")

// requests returns what testdata/requests.txt has: a line, and the exchange.
func requests(t testing.TB) (lines []string, all []*wire.Exchange) {
	t.Helper()
	file, err := os.ReadFile("testdata/requests.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(file)) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "#") {
			continue
		}
		method, rest, _ := strings.Cut(line, " ")
		target, body, _ := strings.Cut(rest, " ")
		call, _ := dockerapi.Match(method, target)
		x := request("", "", method, target, body)
		x.Request.Call = call.Told()
		lines, all = append(lines, line), append(all, x)
	}
	return lines, all
}

// calls returns what a form makes of all requests, as a golden file has it.
func calls(t testing.TB, form string) string {
	var b strings.Builder
	lines, all := requests(t)
	for i, x := range all {
		b.WriteString("> " + lines[i] + "\n")
		call := Named(form).Of(x, Options{})
		for _, n := range call.Notes {
			b.WriteString("# " + n + "\n")
		}
		if call.Text != "" {
			b.WriteString(call.Text + "\n")
		}
		b.WriteString("\n")
	}
	return b.String()
}

// golden compares text with a file.
func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	g, w := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range g {
		if i >= len(w) || g[i] != w[i] {
			t.Fatalf("%s, line %d:\ngot  %s\nwant %s", name, i+1, g[i], strings.Join(w[min(i, len(w)):min(i+1, len(w))], ""))
		}
	}
	t.Fatalf("%s: ends early", name)
}

// TestDocker: the docker commands of many requests.
func TestDocker(t *testing.T) { golden(t, "testdata/docker.golden", calls(t, "docker")) }

// TestDockerAll: there is a command for every operation, or a reason why there is none.
func TestDockerAll(t *testing.T) {
	_, all := requests(t)
	tried := make(map[string]bool)
	for _, x := range all {
		tried[x.Request.Call.Operation] = true
	}
	others := []string{"Options", "Session", "GRPC", "GRPCMethod", "HTTP2Preface", "SystemAuthConfig"}
	for _, o := range dockerapi.Operations() {
		switch {
		case strings.HasSuffix(o.Name, "Libpod") || strings.HasPrefix(o.Name, "Debug") || slices.Contains(others, o.Name):
		case dockerForms[o.Name] == nil:
			t.Errorf("%s: no form", o.Name)
		case !tried[o.Name]:
			t.Errorf("%s: no request in testdata", o.Name)
		}
	}
	for name := range dockerForms {
		if dockerapi.Named(name) == nil {
			t.Errorf("%s: no such operation", name)
		}
	}
	for name := range goForms {
		if dockerapi.Named(name) == nil {
			t.Errorf("%s: no such operation", name)
		}
	}
}
