//go:build unix

package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// foreign are recordings as other programs write them, small: chrome.har is as DevTools exports what a
// page asked Portainer for, mitmproxy.har as mitmproxy's save.har does, and masked.har is one of ours
// that a program has written anew, without the fields that only we have.
var foreign = []string{"chrome.har", "mitmproxy.har", "masked.har"}

// ofForeign returns the path of a foreign recording.
func ofForeign(name string) string { return filepath.Join("testdata", "foreign", name) }

// TestForeignDryRun: what would be sent again of recordings by others is said, and why not.
func TestForeignDryRun(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ file, out string }{
		{"chrome.har", "GET /api/endpoints/1/docker/events?since=1  not sent: HTTP/2 is not spoken yet\n"},
		{"mitmproxy.har", `#1 GET /_ping  reads
#2 GET /containers/json?all=1  reads
#3 POST /containers/create?name=web2  changes
#4 POST /containers/5e5e5e5e5e5e/start  changes
#5 GET /containers/5e5e5e5e5e5e/logs?stdout=1  reads
#6 GET /events  reads
#7 GET /info  not sent: HTTP/2 is not spoken yet
#8 GET /containers/web/attach/ws?stream=1  reads
7 requests, 2 of them change the daemon; 1 not sent
`},
		{"masked.har", `#1 POST /containers/create?name=masked  changes, with a placeholder for what was masked: a value in request body
#2 POST /images/create?fromImage=127.0.0.1:1/x&tag=1  changes, without what was masked: header X-Registry-Auth
#3 DELETE /containers/masked  changes
3 requests, 3 of them change the daemon; 0 not sent
`},
	} {
		got := socktrace(t, nil, "replay", "--dry-run", ofForeign(c.file)).end()
		if got.status != "exit status 0" || !strings.Contains(got.out, c.out) {
			t.Errorf("%s: %s\n%s%s", c.file, got.status, got.out, got.err)
		}
	}
}

// TestForeignDiff: such a recording is the same as itself, whichever program has written it, and of
// one that is cut short is compared what there is.
func TestForeignDiff(t *testing.T) {
	t.Parallel()
	for _, name := range foreign {
		same := socktrace(t, nil, "diff", ofForeign(name), ofForeign(name)).end()
		if same.status != "exit status 0" || !strings.Contains(same.out, "\nno difference: ") {
			t.Errorf("%s: %s\n%s%s", name, same.status, same.out, same.err)
		}
		cut := cutShort(t, name)
		less := socktrace(t, nil, "diff", ofForeign(name), cut).end()
		if less.status != "exit status 2" || !strings.Contains(less.out, " only in "+ofForeign(name)) ||
			!strings.Contains(less.err, cut+": the file is cut short") {
			t.Errorf("%s, cut: %s\n%s%s", name, less.status, less.out, less.err)
		}
	}
	// Programs differ in how they write what they have seen, not in what a request is.
	other := socktrace(t, nil, "diff", ofForeign("chrome.har"), ofForeign("mitmproxy.har")).end()
	check(t, "status of different ones", other.status, "exit status 1")
}

// TestForeignServed: what such recordings have is served, and what they do not have is not made up.
func TestForeignServed(t *testing.T) {
	t.Parallel()
	const page = "/api/endpoints/1/docker"
	web, made := strings.Repeat("4f", 32), strings.Repeat("5e", 32)
	for name, calls := range map[string][]struct{ method, target, body, want string }{
		"chrome.har": {
			{"GET", "/_ping", "", "200 OK"},
			{"GET", page + "/containers/json?all=true", "", `200 [{"Id": "` + web},
			{"POST", page + "/containers/create?name=web2", `{"Cmd":["echo","hi"],"Image":"busybox"}`, `201 {"Id": "` + made},
			{"GET", page + "/images/json", "", "304 "},
			{"GET", page + "/containers/" + web + "/logs?stdout=1", "", "200 \x01\x00\x00\x00\x00\x00\x00\x03hi\n"},
			{"GET", page + "/info", "", `501 {"message":"socktrace serve: GET ` + page + `/info: not all of its answer was recorded`},
			{"GET", "/containers/json?all=true", "", "501 "},
		},
		"mitmproxy.har": {
			{"GET", "/_ping", "", "200 OK"},
			{"GET", "/v1.45/containers/json?all=1", "", `200 [{"Id": "` + web},
			{"POST", "/v1.45/containers/create?name=web2", `{"Cmd":["echo","hi"],"Image":"busybox"}`, `201 {"Id": "` + made},
			{"POST", "/v1.45/containers/" + made + "/start", "", "204 "},
			{"GET", "/v1.45/containers/" + made + "/logs?stdout=1", "", "200 \x01\x00\x00\x00\x00\x00\x00\x03hi\n"},
			{"GET", "/v1.45/containers/" + web + "/logs?stdout=1", "", "501 "},
		},
		"masked.har": {
			{"POST", "/v1.41/containers/create?name=masked", `{"Image":"busybox","Cmd":["true"],"NetworkDisabled":false,"AttachStdout":true,"AttachStderr":true,"Env":["DB_PASSWORD=x"]}`, `201 {"Id":"`},
			{"POST", "/v1.41/images/create?fromImage=127.0.0.1:1/x&tag=1", "", `500 {"message":"Get \"http://127.0.0.1:1/v2/\"`},
			{"DELETE", "/v1.41/containers/masked?v=False&link=False&force=False", "", "204 "},
			{"DELETE", "/v1.41/containers/masked?v=False&link=False&force=False", "", "501 "},
		},
	} {
		socket := filepath.Join(shortDir(t), "s.sock")
		p := socktrace(t, nil, "serve", "-q", "--show-secrets", "--speed", "max", "--listen", "unix://"+socket, ofForeign(name))
		p.err.await(t, "serving ")
		for _, c := range calls {
			got := servedTo(t, socket, c.method, c.target, c.body)
			if !strings.HasPrefix(got, c.want) {
				t.Errorf("%s: %s %s: %q", name, c.method, c.target, got)
			}
		}
		end := p.stop(syscall.SIGINT)
		check(t, name+": status", end.status, "exit status 0")
	}
}

// servedTo returns status and body of the answer to a request.
func servedTo(t *testing.T, socket, method, target, body string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, "http://d"+target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := unixClient(socket).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Error(err)
	}
	return answer.Status[:4] + string(text)
}

// cutShort writes more than half of a foreign recording into a file.
func cutShort(t *testing.T, name string) string {
	t.Helper()
	text := readFile(t, ofForeign(name))
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text[:len(text)*6/10]), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
