package equivalent

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/wire"
)

// TestDockerCreate: docker create with each of many flags gives these flags back, in
// whatever order, and says nothing of others.
func TestDockerCreate(t *testing.T) {
	file, err := os.ReadFile("testdata/docker_create.txt")
	if err != nil {
		t.Fatal(err)
	}
	var first any
	flags := make(map[string]bool)
	for block := range strings.SplitSeq(string(file), "\n\n") {
		lines := strings.Split(strings.TrimSpace(block), "\n")
		if strings.HasPrefix(lines[0], "#") {
			continue
		}
		if len(lines) != 3 {
			t.Fatalf("not three lines: %q", lines)
		}
		given := shellSplit(t, lines[0])
		var body any
		d := json.NewDecoder(strings.NewReader(lines[2]))
		d.UseNumber()
		if err := d.Decode(&body); err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = body
		} else {
			body = mergePatch(first, body)
		}
		sent, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		call := docker(request("ContainerCreate", "", "POST", lines[1], string(sent)), Options{})
		got := shellSplit(t, call.Text)
		want := append(append([]string{"docker", "create"}, given...), "busybox", "sh", "-c", "echo hi")
		if !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))) {
			t.Errorf("%s:\ngot  %s\nwant %s", lines[0], got, want)
		}
		if !slices.Equal(got[len(got)-4:], want[len(want)-4:]) {
			t.Errorf("%s: ends in %s", lines[0], got)
		}
		for _, n := range call.Notes {
			if strings.HasPrefix(n, "No flag gives") {
				t.Errorf("%s: %s", lines[0], n)
			}
		}
		for _, w := range given {
			if strings.HasPrefix(w, "-") && w != "-1" {
				name, _, _ := strings.Cut(w, "=")
				flags[name] = true
			}
		}
	}
	if len(flags) < 85 {
		t.Errorf("only %d flags: %v", len(flags), flags)
	}
}

// request returns an exchange with a request for an operation on name.
func request(operation, name, method, target, body string) *wire.Exchange {
	version := ""
	if rest, is := strings.CutPrefix(target, "/v"); is {
		version, _, _ = strings.Cut(rest, "/")
	}
	x := &wire.Exchange{
		Meta: wire.Meta{Conn: &wire.Conn{ID: 1, Server: wire.Peer{Addr: "unix:///var/run/docker.sock"}}, Exchange: 1},
		Request: &wire.Request{
			Method: method, Target: target, Version: "HTTP/1.1",
			Call: wire.Call{Operation: operation, Version: version, Subject: name},
		},
	}
	if body != "" {
		x.Request.Fields = []wire.Field{{Name: "Content-Type", Value: "application/json"}}
		x.RequestBody = &wire.Body{Content: wire.KindJSON, Data: []byte(body), Bytes: int64(len(body)), WireBytes: int64(len(body)), Complete: true}
	}
	return x
}

// mergePatch returns doc with a patch (RFC 7396).
func mergePatch(doc, patch any) any {
	changes, is := patch.(map[string]any)
	if !is {
		return patch
	}
	old, _ := doc.(map[string]any)
	all := make(map[string]any)
	for name, v := range old {
		all[name] = v
	}
	for name, v := range changes {
		if v == nil {
			delete(all, name)
			continue
		}
		all[name] = mergePatch(all[name], v)
	}
	return all
}

// shellSplit returns the words of a command, as a shell reads them; a variable stays as
// "$NAME".
func shellSplit(t *testing.T, line string) []string {
	t.Helper()
	var words []string
	word, open := "", false
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case c == ' ' || c == '\n':
			if open {
				words = append(words, word)
			}
			word, open = "", false
			continue
		case c == '\\' && i+1 < len(line):
			i++
			if line[i] != '\n' {
				word += line[i : i+1]
				open = true
			}
			continue
		case c == '$' && strings.HasPrefix(line[i:], "$'"):
			t.Fatalf("not read here: %s", line)
		case c == '\'' || c == '"':
			end := strings.IndexByte(line[i+1:], c)
			if end < 0 {
				t.Fatalf("no end of quotes: %s", line)
			}
			word += line[i+1 : i+1+end]
			i += end + 1
		default:
			word += line[i : i+1]
		}
		open = true
	}
	if open {
		words = append(words, word)
	}
	return words
}
