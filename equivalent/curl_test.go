package equivalent

import (
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// exchange returns one of a client with the daemon on a socket. Fields are "Name: value",
// those that begin with * are masked.
func exchange(method, target, body string, fields ...string) *wire.Exchange {
	c := &wire.Conn{ID: 3, Server: wire.Peer{Addr: "unix:///var/run/docker.sock"}}
	r := &wire.Request{Meta: wire.Meta{Conn: c, Exchange: 2}, Method: method, Target: target, Version: "HTTP/1.1"}
	call, _ := dockerapi.Match(method, target)
	r.Call = call.Told()
	for _, line := range fields {
		line, masked := strings.CutPrefix(line, "*")
		name, value, _ := strings.Cut(line, ": ")
		r.Fields = append(r.Fields, wire.Field{Name: name, Value: value, Masked: masked})
		if masked {
			r.Masked = append(r.Masked, "request.headers."+name)
		}
	}
	x := &wire.Exchange{Meta: r.Meta, Request: r, Response: &wire.Response{Status: 200}}
	if body != "" {
		x.RequestBody = &wire.Body{Content: wire.KindText, Bytes: int64(len(body)), Data: []byte(body), Complete: true}
		if body[0] == '{' {
			x.RequestBody.Content = wire.KindJSON
		}
	}
	return x
}

// with changes x.
func with(x *wire.Exchange, change func(*wire.Exchange)) *wire.Exchange {
	change(x)
	return x
}

const jsonType = "Content-Type: application/json"

func TestCurl(t *testing.T) {
	const socket = "curl --unix-socket /var/run/docker.sock "
	for _, c := range []struct {
		name string
		x    *wire.Exchange
		o    Options
		want string
		note string // is in a note
	}{
		{"get", exchange("GET", "/v1.41/containers/json?all=1", "", "Host: docker", "User-Agent: x", "Accept-Encoding: gzip"), Options{},
			socket + "'http://localhost/v1.41/containers/json?all=1'", ""},
		{"head", exchange("HEAD", "/_ping", ""), Options{}, socket + "--head 'http://localhost/_ping'", ""},
		{"post", exchange("POST", "/v1.41/containers/a/start", "", "Content-Type: text/plain"), Options{}, socket + "-X POST 'http://localhost/v1.41/containers/a/start'", ""},
		{"document", exchange("POST", "/volumes/create", `{"Name":"it's"}`+"\n", jsonType), Options{},
			socket + "-X POST -H 'Content-Type: application/json' -d '{\"Name\":\"it'\\''s\"}' 'http://localhost/volumes/create'", ""},
		{"no type", exchange("POST", "/x", "@a"), Options{}, socket + "-X POST -H 'Content-Type:' --data-raw '@a' 'http://localhost/x'", ""},
		{"own daemon", exchange("GET", "/info", ""), Options{Daemon: "unix:///run/other.sock"}, "curl --unix-socket /run/other.sock 'http://localhost/info'", ""},
		{"abstract", exchange("GET", "/info", ""), Options{Daemon: "unix://@a b"}, "curl --abstract-unix-socket 'a b' 'http://localhost/info'", ""},
		{"tcp", exchange("GET", "/info", ""), Options{Daemon: "tcp://127.0.0.1:2375/base"}, "curl 'http://127.0.0.1:2375/info'", ""},
		{"tls", exchange("GET", "/info", ""), Options{Daemon: "tcp://h:2376", TLS: true, CACert: "ca.pem", Cert: "my cert.pem", Key: "key.pem"},
			"curl --cacert ca.pem --cert 'my cert.pem' --key key.pem 'https://h:2376/info'", ""},
		{"tls, files not known", exchange("GET", "/info", ""), Options{Daemon: "tcp://h:2376", TLS: true}, "curl 'https://h:2376/info'", "--cacert ca.pem"},
		{"tls, another name", exchange("GET", "/info", ""), Options{Daemon: "tcp://127.0.0.1:2376", TLS: true, CACert: "ca.pem", ServerName: "daemon"},
			"curl --cacert ca.pem --connect-to ::127.0.0.1:2376 'https://daemon:2376/info'", ""},
		{"tls, whoever", exchange("GET", "/info", ""), Options{Daemon: "https://h:2376", TLS: true, Insecure: true}, "curl --insecure 'https://h:2376/info'", ""},
		{"ssh", exchange("GET", "/info", ""), Options{Daemon: "ssh://me@host:22"}, "curl --unix-socket /tmp/docker.sock 'http://localhost/info'", "ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock -p 22 me@host"},
		{"not known", with(exchange("GET", "/info", ""), func(x *wire.Exchange) { x.Conn = nil }), Options{}, socket + "'http://localhost/info'", "address is not known"},
		{"globs", exchange("GET", "/x?f={a}[1]", ""), Options{}, socket + "--globoff 'http://localhost/x?f={a}[1]'", ""},
		{"dots", exchange("GET", "/a/../b", ""), Options{}, socket + "--path-as-is 'http://localhost/a/../b'", ""},
		{"no URL", exchange("GET", "/a b#c\x01", ""), Options{}, socket + `--request-target $'/a b#c\x01' 'http://localhost/'`, ""},
		{"asterisk", exchange("OPTIONS", "*", ""), Options{}, socket + "-X OPTIONS --request-target '*' 'http://localhost/'", ""},
		{"zero", exchange("GET", "/a\x00", ""), Options{}, "", "zero byte"},
		{"fields", exchange("GET", "/x", "", "X-Meta: a'b", "Empty: ", "Accept: */*", "Accept: text/plain"), Options{},
			socket + `-H 'X-Meta: a'\''b' -H 'Empty;' -H 'Accept: text/plain' 'http://localhost/x'`, ""},
		{"upgrade", with(exchange("POST", "/v1.41/containers/a/attach?stream=1", "", "Connection: Upgrade", "Upgrade: tcp"), func(x *wire.Exchange) {
			x.Upgrade = &wire.Upgrade{Protocol: "tcp", Content: wire.KindMultiplexed}
			x.Streams[wire.KindStdin].Frames = 1
		}), Options{}, socket + "--no-buffer --output - -X POST -H 'Connection: Upgrade' -H 'Upgrade: tcp' 'http://localhost/v1.41/containers/a/attach?stream=1'", "frames"},
		{"websocket", with(exchange("GET", "/containers/a/attach/ws", ""), func(x *wire.Exchange) { x.Upgrade = &wire.Upgrade{Protocol: "websocket"} }), Options{},
			socket + "--no-buffer --output - 'http://localhost/containers/a/attach/ws'", "websocat"},
		{"events", exchange("GET", "/events", ""), Options{}, socket + "--no-buffer 'http://localhost/events'", ""},
		{"archive", with(exchange("GET", "/containers/a/archive?path=/etc", ""), func(x *wire.Exchange) { x.ResponseBody = &wire.Body{Content: wire.KindTar} }), Options{},
			socket + "--output answer.tar 'http://localhost/containers/a/archive?path=/etc'", ""},
		{"build", with(exchange("POST", "/build", "", "Content-Type: application/x-tar"), func(x *wire.Exchange) {
			x.RequestBody = &wire.Body{Content: wire.KindTar, Bytes: 9000, Files: &wire.Files{Files: 2, Role: "build context", Largest: "data", Most: 7000}}
		}), Options{}, socket + "-X POST -H 'Content-Type: application/x-tar' --data-binary @build-context.tar 'http://localhost/build'", "2 files (the largest is data, 7000 bytes), 9000 bytes"},
		{"cut", with(exchange("POST", "/x", "{}", jsonType), func(x *wire.Exchange) { x.RequestBody.Truncated, x.RequestBody.Bytes = true, 99 }), Options{},
			socket + "-X POST -H 'Content-Type: application/json' --data-binary @body.json 'http://localhost/x'", "99 bytes"},
		{"coded", with(exchange("POST", "/x", "{}", jsonType, "Content-Encoding: gzip"), func(x *wire.Exchange) { x.RequestBody.Coding = "gzip" }), Options{},
			socket + "-X POST -H 'Content-Type: application/json' -d '{}' 'http://localhost/x'", "compressed, as gzip"},
		{"not seen", &wire.Exchange{}, Options{}, "", "not seen"},
		{"gRPC", with(exchange("POST", "/moby.buildkit.v1.Control/Solve", "", "content-type: application/grpc"), func(x *wire.Exchange) { x.Request.Stream = 1 }), Options{}, "", "moby.buildkit.v1.Control/Solve"},
		{"session", exchange("POST", "/session", ""), Options{}, "", "HTTP/2"},
		{"inside", with(exchange("GET", "/x", ""), func(x *wire.Exchange) { x.Request.Stream, x.Conn.Parent.Conn = 1, &wire.Conn{} }), Options{}, "", "within HTTP/2"},
	} {
		got := curl(c.x, c.o)
		if joined(got.Text) != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", c.name, got.Text, c.want)
		}
		if says := strings.Join(got.Notes, "\n"); !strings.Contains(says, c.note) || c.note == "" && says != "" {
			t.Errorf("%s: notes %q, want %q", c.name, got.Notes, c.note)
		}
	}
}

// joined returns a command on one line.
func joined(command string) string { return strings.ReplaceAll(command, " \\\n  ", " ") }

// TestLines: what is long is on several lines, each as full as it can be.
func TestLines(t *testing.T) {
	long := strings.Repeat("x", 60)
	got := curl(exchange("POST", "/containers/"+long+"/start", `{"a":1}`, jsonType, "A: b"), Options{}).Text
	want := "curl --unix-socket /var/run/docker.sock -X POST -H 'Content-Type: application/json' -H 'A: b' \\\n" +
		"  -d '{\"a\":1}' \\\n  'http://localhost/containers/" + long + "/start'"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestSecrets: what was masked is a variable, and is named after what it stood in.
func TestSecrets(t *testing.T) {
	const mark = "[masked 5 bytes #0a1b2c3d]"
	const other = "[masked 6 bytes #99999999]"
	masked := func(x *wire.Exchange) {
		x.Masked = []string{"request.body.x"}
		if x.RequestBody != nil {
			x.RequestBody.Bytes -= 20 // its true size
		}
	}
	for _, c := range []struct {
		x            *wire.Exchange
		curl, python string // is in the call
		notes        []string
	}{
		{with(exchange("POST", "/auth", `{"username":"me","password":"`+mark+`"}`, jsonType), masked), `-d '{"username":"me","password":"'"$PASSWORD"'"}'`, "password=os.environ['PASSWORD']",
			[]string{"PASSWORD is a secret that was masked: set it to the value, 5 bytes."}},
		{with(exchange("POST", "/containers/create", `{"Image":"a","Env":["A_TOKEN=`+mark+`","B=`+other+`"],"Cmd":["--pw","`+mark+`"]}`, jsonType), masked),
			`"A_TOKEN='"$A_TOKEN"'","B='"$B"'"],"Cmd":["--pw","'"$A_TOKEN"'"]`, "['--pw', os.environ['CMD']]", nil},
		{with(exchange("POST", "/x", `{"token":"`+mark+`","Token":"`+other+`"}`, jsonType), masked), `{"token":"'"$TOKEN"'","Token":"'"$TOKEN_2"'"}`, "", nil},
		{with(exchange("POST", "/x?session=%5Bmasked%205%20bytes%20%230a1b2c3d%5D&a=1", ""), masked), `"http://localhost/x?session=$SESSION&a=1"`, "os.environ['SESSION']", nil},
		{with(exchange("POST", "/build?buildargs=%7B%22API_TOKEN%22%3A%22%5Bmasked%205%20bytes%20%230a1b2c3d%5D%22%7D", ""), masked), `%22%3A%22$API_TOKEN%22%7D"`, "{'API_TOKEN': os.environ['API_TOKEN']}", nil},
		{exchange("GET", "/x", "", "*Authorization: Basic "+mark), `-H "Authorization: Basic $AUTHORIZATION"`, "", nil},
		{exchange("POST", "/images/create?fromImage=a&tag=b", "", `*X-Registry-Auth: {"username":"me","password":"`+mark+`"}`), `-H 'X-Registry-Auth: '"$REGISTRY_AUTH"`,
			"auth_config={'username': 'me', 'password': os.environ['PASSWORD']}", nil},
		{exchange("POST", "/images/create?fromImage=a&tag=b", "", "X-Registry-Auth: e30="), `-H 'X-Registry-Auth: e30='`, "tag='b', stream=True, decode=True)", nil},
		{exchange("POST", "/x", "what is [masked 5 bytes] here is none"), "-d 'what is [masked 5 bytes] here is none'", "'what is [masked 5 bytes] here is none'", nil},
	} {
		sh, py := curl(c.x, Options{}), python(c.x, Options{})
		if !strings.Contains(sh.Text, c.curl) {
			t.Errorf("got\n%s\nwant\n%s", sh.Text, c.curl)
		}
		if !strings.Contains(py.Text, c.python) {
			t.Errorf("got\n%s\nwant\n%s", py.Text, c.python)
		}
		if strings.Contains(py.Text, "os.environ") != slices.Contains(py.Setup, "import os") {
			t.Errorf("%s needs %q", py.Text, py.Setup)
		}
		if c.notes != nil && !slices.Equal(sh.Notes, c.notes) {
			t.Errorf("notes %q", sh.Notes)
		}
	}
}

func TestVariableName(t *testing.T) {
	for word, want := range map[string]string{"password": "PASSWORD", "X-Registry-Auth": "X_REGISTRY_AUTH", "identityToken": "IDENTITY_TOKEN", "1a": "A", "": "SECRET", "äö": "SECRET", "path": "THE_PATH", "a.b": "A_B"} {
		if got := variableName(word); got != want {
			t.Errorf("%q: %s, want %s", word, got, want)
		}
	}
}

// TestSecretsApart: each secret has a variable of its own, unless it is known to be the
// same, and however many there are.
func TestSecretsApart(t *testing.T) {
	s := &secrets{masked: true, names: map[string]string{}, taken: map[string]bool{}, next: map[string]int{}}
	if got := s.name("registry-auth"); got != "REGISTRY_AUTH" {
		t.Error(got)
	}
	names := make(map[string]int)
	text := `{"TOKEN_2":"[masked 5 bytes]","registry_auth":"[masked 5 bytes]"`
	for range 500 {
		text += `,"token":"[masked 5 bytes]","token":"[masked 5 bytes #0a1b2c3d]"`
	}
	for _, p := range s.cut(text, "x") {
		if p.variable != "" {
			names[p.variable]++
		}
	}
	if len(names) != 503 || names["REGISTRY_AUTH"] != 0 {
		t.Errorf("%d names", len(names))
	}
	same := 0
	for _, n := range names {
		if n == 500 {
			same++
		} else if n != 1 {
			t.Errorf("%d secrets have one name", n)
		}
	}
	if same != 1 || len(s.notes) != maxTellings+1 {
		t.Errorf("%d names of the one that is the same, %d notes", same, len(s.notes))
	}
}
