package equivalent

import (
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// masked returns x as one in which something was masked.
func masked(x *wire.Exchange) *wire.Exchange {
	x.Masked = []string{"request.body"}
	return x
}

// TestMaskedCalls: secrets that were masked are variables to fill in.
func TestMaskedCalls(t *testing.T) {
	const secret = "[masked 7 bytes #0123abcd]"
	for _, c := range []struct{ operation, method, target, body, docker, golang string }{
		{"ContainerCreate", "POST", "/v1.41/containers/create", `{"Image":"i","Env":["DB_PASSWORD=` + secret + `","A=x ` + secret + `"],"Cmd":["--token","` + secret + `"]}`,
			`docker create -e "DB_PASSWORD=$DB_PASSWORD" -e "A=x $DB_PASSWORD" i --token "$DB_PASSWORD"`,
			`"DB_PASSWORD=" + os.Getenv("DB_PASSWORD"), "A=x " + os.Getenv("DB_PASSWORD")`},
		{"SystemAuth", "POST", "/v1.41/auth", `{"username":"me","password":"` + secret + `","serveraddress":"r.example"}`,
			`printf %s "$PASSWORD" | docker login -u me --password-stdin r.example`, `Password: os.Getenv(`},
		{"SecretCreate", "POST", "/v1.41/secrets/create", `{"Name":"key","Data":"` + secret + `"}`,
			`printf %s "$SECRET" | docker secret create key -`, `[]byte(os.Getenv("DATA"))`},
		{"SwarmJoin", "POST", "/v1.41/swarm/join", `{"RemoteAddrs":["h:1"],"JoinToken":"` + secret + `"}`,
			`docker swarm join --token "$JOIN_TOKEN" h:1`, `JoinToken: os.Getenv(`},
	} {
		call := docker(masked(request(c.operation, "", c.method, c.target, c.body)), Options{})
		if call.Text != c.docker || !strings.Contains(strings.Join(call.Notes, "\n"), "is a secret that was masked") {
			t.Errorf("got %s\n%q", call.Text, call.Notes)
		}
		call = goClient(masked(request(c.operation, "", c.method, c.target, c.body)), Options{})
		if !strings.Contains(strings.Join(strings.Fields(call.Text), " "), c.golang) || strings.Contains(call.Text, "masked") {
			t.Errorf("want %s in %s", c.golang, call.Text)
		}
		// What was not masked is no secret, whatever it looks like.
		if call := docker(request(c.operation, "", c.method, c.target, c.body), Options{}); strings.Contains(call.Text, `"$`) {
			t.Errorf("got %s", call.Text)
		}
	}
}

// TestCredentials: those for a registry are told of, and are a variable in Go.
func TestCredentials(t *testing.T) {
	x := request("ImageCreate", "", "POST", "/v1.41/images/create?fromImage=a&tag=1", "")
	for value, want := range map[string]string{
		`{"username":"me","password":"[masked 3 bytes]"}`: `os.Getenv("REGISTRY_AUTH")`, "e30=": "", "eyJhIjoiYiJ9": `"eyJhIjoiYiJ9"`,
	} {
		x.Request.Fields = []wire.Field{{Name: "X-Registry-Auth", Value: value, Masked: strings.HasPrefix(value, "{")}}
		call := goClient(masked(x), Options{})
		if want == "" && strings.Contains(call.Text, "RegistryAuth") || !strings.Contains(call.Text, want) {
			t.Errorf("%s: %s", value, call.Text)
		}
		told := strings.Contains(strings.Join(docker(masked(x), Options{}).Notes, "\n"), "docker login")
		if told != (want != "") {
			t.Errorf("%s: told %t", value, told)
		}
	}
}

// TestDockerHost: the daemon is named, if it is not the usual one.
func TestDockerHost(t *testing.T) {
	x := request("SystemInfo", "", "GET", "/v1.41/info", "")
	tcp := "tcp://127.0.0.1:2376"
	for _, c := range []struct {
		o    Options
		want string
	}{
		{Options{}, "docker info"},
		{Options{Daemon: "unix:///run/docker.sock"}, "docker info"},
		{Options{Daemon: "unix:///a b"}, "docker -H 'unix:///a b' info"},
		{Options{Daemon: "ssh://me@host"}, "docker -H ssh://me@host info"},
		{Options{Daemon: tcp}, "docker -H " + tcp + " info"},
		{Options{Daemon: tcp, TLS: true, CACert: "ca.pem", Cert: "c.pem", Key: "k.pem"}, "docker -H " + tcp + " --tlsverify --tlscacert ca.pem --tlscert c.pem --tlskey k.pem info"},
		{Options{Daemon: tcp, TLS: true, Insecure: true}, "docker -H " + tcp + " --tls info"},
	} {
		if got := docker(x, c.o).Text; got != c.want {
			t.Errorf("got %s\nwant %s", got, c.want)
		}
	}
	if got := docker(&wire.Exchange{}, Options{}); got.Text != "" || len(got.Notes) != 1 {
		t.Errorf("of no request: %+v", got)
	}
	cut := request("ContainerCreate", "", "POST", "/v1.41/containers/create", `{"Image":`)
	if got := docker(cut, Options{}); got.Text != "" || !strings.Contains(got.Notes[0], "no JSON") {
		t.Errorf("of half a body: %+v", got)
	}
	cut.RequestBody.Truncated = true
	if got := goClient(cut, Options{}); got.Text != "" || !strings.Contains(got.Notes[0], "--max-body") {
		t.Errorf("of a body that was not kept: %+v", got)
	}
}

// FuzzDockerGo: whatever is asked for, what is printed is what a terminal shows, the
// commands are words, and the calls are Go.
func FuzzDockerGo(f *testing.F) {
	lines, all := requests(f)
	for i := range lines {
		body := ""
		if b := all[i].RequestBody; b != nil {
			body = string(b.Data)
		}
		f.Add(all[i].Request.Method, all[i].Request.Target, body)
	}
	for _, body := range literalBodies() {
		f.Add("POST", "/containers/create", body)
	}
	f.Fuzz(func(t *testing.T, method, target, body string) {
		call, _ := dockerapi.Match(method, target)
		x := request("", "", method, target, body)
		x.Request.Call = call.Told()
		x.Masked = []string{"x"}
		for _, c := range []Call{docker(x, Options{}), goClient(x, Options{})} {
			if !isShown(c.Text, "\n\t") {
				t.Errorf("a terminal does not show all of %q", c.Text)
			}
		}
		if text := docker(x, Options{}).Text; !strings.Contains(text, "$'") {
			shellSplit(t, text) // which fails where quotes do not end
		}
		c := goClient(x, Options{})
		program := "package p\nfunc f() {\n" + strings.Join(c.Setup, "\n") + "\n" + c.Text + "\n}"
		if _, err := parser.ParseFile(token.NewFileSet(), "", program, 0); err != nil {
			t.Errorf("%v\n%s", err, program)
		}
	})
}
