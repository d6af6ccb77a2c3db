//go:build unix

package main

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// plant is an exchange with secrets in it. Each step is what one side writes,
// behind > or <; the other side reads it before the next.
type plant struct {
	name    string
	secrets []string
	steps   []string
}

// secret returns one that no other plant has.
func secret(name string) string { return "S3cr3t-" + name + "-qX7vK2pZw9" }

// post returns a request with a JSON body.
func post(target, body string, fields ...string) string {
	return fmt.Sprintf("> POST %s HTTP/1.1\r\nHost: docker\r\n%sContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		target, lines(fields), len(body), body)
}

// get returns a request without a body.
func get(target string, fields ...string) string {
	return fmt.Sprintf("> GET %s HTTP/1.1\r\nHost: docker\r\n%s\r\n", target, lines(fields))
}

// answer returns a response with a JSON body.
func answer(body string, fields ...string) string {
	return fmt.Sprintf("< HTTP/1.1 200 OK\r\n%sContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", lines(fields), len(body), body)
}

// failing returns a response that says why something failed.
func failing(contentType, body string) string {
	return fmt.Sprintf("< HTTP/1.1 500 Internal Server Error\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", contentType, len(body), body)
}

func lines(fields []string) string {
	var b strings.Builder
	for _, f := range fields {
		b.WriteString(f + "\r\n")
	}
	return b.String()
}

// frame returns one frame of a multiplexed stream.
func frame(s string) string {
	return string([]byte{1, 0, 0, 0, 0, 0, byte(len(s) >> 8), byte(len(s))}) + s
}

// chunk returns one chunk of a body.
func chunk(s string) string { return fmt.Sprintf("%x\r\n%s\r\n", len(s), s) }

func gzipped(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, s)
	_ = w.Close()
	return b.String()
}

const (
	ok          = "< HTTP/1.1 204 No Content\r\n\r\n"
	hijack      = "< HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
	logsHead    = "< HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
	textHead    = "< HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n"
	tarBeginsAt = 512
)

// tokens are values that are secrets wherever they stand; what is behind the
// prefix must not be seen.
var tokens = map[string]string{
	"SWMTKN-1-":                             "4x9q2m7w5k1z8v3n6b0c4x9q2m7w5k1z8v3n6b0c4x9q2m7w-5k1z8v3n6b0cxyzuvw",
	"SWMKEY-1-":                             "7yvF3kLmQwErTzUiOpAsDfGhJkLyXcVbNmQwErTzUi0",
	"ghp_":                                  "Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4zAb3d",
	"github_pat_":                           "11AQWERTY0aBcDeFgHiJkL_mNoPqRsTuVwXyZ0123456789abcdefghijklmnopqrstuvwxyzABCDEFGH",
	"glpat-":                                "xYz7QwErTy1UiOpAsDfG",
	"xoxb-":                                 "123456789012-123456789012-AbCdEfGhIjKlMnOpQrStUvWx",
	"AKIA":                                  "QZ7WXSEDCRFVTGBY",
	"dckr_pat_":                             "kJhGfDsAqWeRtYuIoP1029384756",
	"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.": "eyJzdWIiOiJhbGljZSIsInBpbiI6IjkzODIifQ.Zt8nQmYwXkVbLsPdRfGhJcUaTeOiNrSq1WzXyCvBnMk",
	"-----BEGIN RSA PRIVATE KEY-----\n":     "MIIEowIBAAKCAQEAu1SU1LfVLPHCozMxH2Mo4lgOEePzNm0t\nRgeLezV6ffAt0gunVTLw7onLRnrq0",
	"Authorization: Bearer ":                "mF9dB5f4JqM7tQzWxEcRvTbYnUm",
	"https://deploy:":                       "hT6yGb4RfVcDeXsW@registry.example.com/v2/",
}

// inner is the part of a token that must not be seen: of one that has lines or
// a host behind it only the middle.
func inner(token string) string {
	token, _, _ = strings.Cut(token, "@")
	token, _, _ = strings.Cut(token, "\n")
	if i := strings.IndexByte(token, '.'); i >= 0 {
		token = token[i+1:]
	}
	return token
}

// plants returns a session full of secrets.
func plants() []plant {
	b64, url64 := base64.StdEncoding.EncodeToString, base64.URLEncoding.EncodeToString
	s := secret
	tar := strings.Repeat("\x00", tarBeginsAt-1) + "\n" + s("tar") + strings.Repeat("\x00", 1000)
	tar = "etc/passwd" + strings.Repeat("\x00", 247) + "ustar\x0000" + tar
	all := []plant{
		{"registry auth", []string{s("ra"), s("raid")}, []string{
			post("/v1.41/images/x/push", "{}", "X-Registry-Auth: "+url64([]byte(`{"username":"alice","password":"`+s("ra")+`","identitytoken":"`+s("raid")+`","serveraddress":"r.example"}`))), ok}},
		{"registry auth, std", []string{s("rs")}, []string{
			get("/v1.41/distribution/x/json", "X-Registry-Auth: "+strings.TrimRight(b64([]byte(`{"auth": "`+b64([]byte("alice:"+s("rs")))+`", "password": "`+s("rs")+`"}`)), "=")), ok}},
		{"registry config", []string{s("rc")}, []string{
			post("/v1.41/build", "", "X-Registry-Config: "+url64([]byte(`{"r.example":{"username":"u","password":"`+s("rc")+`"}}`))), ok}},
		{"headers", []string{s("bearer"), s("basic"), s("cookie"), s("setcookie"), s("vault"), s("apikey"), s("sometoken"), s("location"), s("trailer")}, []string{
			get("/info", "Authorization: Bearer "+s("bearer"), "Proxy-Authorization: Basic "+b64([]byte("u:"+s("basic"))), "Cookie: id="+s("cookie"),
				"X-Vault-Token: "+s("vault"), "X-Api-Key: "+s("apikey"), "Some-Token: "+s("sometoken")),
			"< HTTP/1.1 302 Found\r\nSet-Cookie: id=" + s("setcookie") + "; Path=/\r\nLocation: https://u:" + s("location") + "@h.example/\r\n" +
				"Transfer-Encoding: chunked\r\n\r\n0\r\nX-Auth-Token: " + s("trailer") + "\r\n\r\n"}},
		{"login", []string{s("login"), s("identity")}, []string{
			post("/v1.41/auth", `{"username":"alice","password":"`+s("login")+`","serveraddress":"r.example"}`),
			answer(`{"Status":"Login Succeeded","IdentityToken":"` + s("identity") + `"}`)}},
		{"create", []string{s("env"), s("cmd"), s("cmdnext"), s("export"), s("label"), s("splunk"), s("url"), s("health")}, []string{
			post("/v1.41/containers/create?name=x", `{"Image":"busybox","Env":["PATH=/bin","DB_PASSWORD=`+s("env")+`"],"Cmd":["run","--password=`+s("cmd")+`","--token","`+s("cmdnext")+`"],`+
				`"Entrypoint":["sh","-c","export API_TOKEN=`+s("export")+`; run"],"Labels":{"com.example.secret":"`+s("label")+`"},"Healthcheck":{"Test":["CMD-SHELL","curl --password=`+s("health")+` localhost"]},`+
				`"HostConfig":{"LogConfig":{"Type":"splunk","Config":{"splunk-token":"`+s("splunk")+`"}},"Binds":["postgres://u:`+s("url")+`@db/x:/x"]}}`),
			answer(`{"Id":"abc","Warnings":[]}`)}},
		{"inspect", []string{s("inspect"), s("inspectgz")}, []string{
			get("/v1.41/containers/abc/json"), answer(`{"Id":"abc","Config":{"Env":["API_KEY=` + s("inspect") + `"]}}`),
			get("/v1.41/containers/abd/json"), func() string {
				body := gzipped(`{"Id":"abd","Config":{"Env":["API_KEY=` + s("inspectgz") + `"]}}`)
				return fmt.Sprintf("< HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
			}()}},
		{"exec", []string{s("execenv"), s("typed"), s("typed2")[9:]}, []string{
			post("/v1.41/containers/abc/exec", `{"AttachStdin":true,"Env":["MY_SECRET=`+s("execenv")+`"],"Cmd":["sh"]}`), answer(`{"Id":"e1"}`),
			post("/v1.41/exec/e1/start", `{"Detach":false,"Tty":false}`, "Connection: Upgrade", "Upgrade: tcp"), hijack,
			"> " + s("typed") + "\n", "> " + s("typed2")[:9], "> " + s("typed2")[9:] + "\n", "< " + frame("done\n")}},
		{"swarm", []string{s("swarmca"), s("unlock")}, []string{
			get("/v1.41/swarm"), answer(`{"ID":"x","JoinTokens":{"Worker":"SWMTKN-1-` + tokens["SWMTKN-1-"] + `","Manager":"SWMTKN-1-m` + tokens["SWMTKN-1-"] + `"}}`),
			post("/v1.41/swarm/update?version=1", `{"CAConfig":{"SigningCAKey":"`+s("swarmca")+`"}}`), ok,
			post("/v1.41/swarm/unlock", `{"UnlockKey":"`+s("unlock")+`"}`), ok}},
		{"secrets and configs", []string{s("data"), s("config")}, []string{
			post("/v1.41/secrets/create", `{"Name":"n","Data":"`+b64([]byte(s("data")))+`"}`), answer(`{"ID":"1"}`),
			get("/v1.41/configs"), answer(`[{"ID":"1","Spec":{"Name":"n","Data":"` + b64([]byte(s("config"))) + `"}}]`)}},
		{"query", []string{s("buildarg"), s("remote"), s("changes"), s("param")}, []string{
			post("/v1.41/build?t=x&buildargs="+url.QueryEscape(`{"NPM_TOKEN":"`+s("buildarg")+`","V":"1"}`)+"&remote="+url.QueryEscape("https://u:"+s("remote")+"@git.example/x.git"), ""), ok,
			post("/v1.41/images/create?fromSrc=-&changes="+url.QueryEscape("ENV API_TOKEN="+s("changes")), ""), ok,
			get("/v1.41/info?access_token=" + s("param")), ok}},
		{"volume and plugin", []string{s("cifs"), s("plugin")}, []string{
			post("/v1.41/volumes/create", `{"Name":"v","DriverOpts":{"type":"cifs","o":"addr=h,username=u,password=`+s("cifs")+`"}}`), answer(`{"Name":"v"}`),
			post("/v1.41/plugins/p/set", `["DEBUG=1","PLUGIN_TOKEN=`+s("plugin")+`"]`), ok}},
		{"service", []string{s("service")}, []string{
			post("/v1.41/services/create", `{"Name":"s","TaskTemplate":{"ContainerSpec":{"Image":"x","Env":["SMTP_PASS=`+s("service")+`"]}}}`), answer(`{"ID":"1"}`)}},
		{"events", []string{s("event")}, []string{
			get("/v1.41/events"), "< HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
			"< " + chunk(`{"Type":"container","Action":"exec_create: sh -c export DB_PASSWORD=`+s("event")+`","time":1}`+"\n"), "< 0\r\n\r\n"}},
		{"archives", []string{s("tar")}, []string{
			fmt.Sprintf("> PUT /v1.41/containers/abc/archive?path=/ HTTP/1.1\r\nHost: docker\r\nContent-Type: application/x-tar\r\nContent-Length: %d\r\n\r\n%s", len(tar), tar), ok,
			get("/v1.41/containers/abc/archive?path=/x"),
			fmt.Sprintf("< HTTP/1.1 200 OK\r\nContent-Type: application/x-tar\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s", len(gzipped(tar)), gzipped(tar))}},
		{"session", []string{s("session")}, []string{
			"> POST /v1.41/session HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nX-Docker-Expose-Session-Uuid: abcdefgh\r\n\r\n",
			"< HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
			"< PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00", "> \x00\x00\x20\x00\x00\x00\x00\x00\x01" + s("session") + "........"}},
		{"names, details and errors", []string{s("image"), s("exec"), s("spaced"), s("failed"), s("said"), s("waited")}, []string{
			post("/v1.41/images/create?tag=1&fromImage="+url.QueryEscape("https://u:"+s("image")+"@r.example/x"), ""), failing("application/json", `{"message":"Get https://u:`+s("failed")+`@r.example: no"}`),
			post("/v1.41/containers/web/exec", `{"Cmd":["mysql","-u","root","-p`+s("exec")+`"]}`), answer(`{"Id":"e2"}`),
			post("/v1.41/containers/web/exec", `{"Cmd":["login","--password","two words `+s("spaced")+`","-v"]}`), answer(`{"Id":"e3"}`),
			post("/v1.41/auth", `{"username":"u"}`), failing("text/plain", "wrong: "+s("said")),
			post("/v1.41/containers/web/wait", ""), answer(`{"StatusCode":1,"Error":{"Message":"PASSWORD=` + s("waited") + `"}}`)}},
		{"websocket", []string{s("ws")}, []string{
			get("/v1.41/containers/abc/attach/ws?stream=1&stdin=1", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="),
			"< HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\n",
			"> \x82" + string([]byte{0x80 | byte(len(s("ws")))}) + "\x00\x00\x00\x00" + s("ws"), "< \x82\x02ok"}},
		{"not HTTP", []string{s("garbage")}, []string{
			"> hello there\r\nAuthorization: Bearer " + s("garbage") + "\r\n\r\n", "< what?\r\n"}},
		{"named by the user", []string{s("pin"), s("voucher"), s("badge")}, []string{
			post("/v1.41/networks/create?voucher="+s("voucher"), `{"Options":{"PIN":"`+s("pin")+`"}}`, "X-Badge: "+s("badge")), ok}},
	}
	all = append(append(all, contentPlants()...), channelPlant())
	for prefix, token := range tokens {
		for name, cut := range map[string]int{"whole": 0, "cut early": 3, "cut late": len(token) - 2, "cut in the prefix": -1} {
			text := "seen before " + prefix + token + " seen behind\n"
			at := strings.Index(text, token) + cut
			pieces := []string{text[:at], text[at:]}
			if cut == 0 {
				pieces = []string{text}
			}
			logs := plant{"logs with " + prefix + ", " + name, []string{inner(token)}, []string{get("/v1.42/containers/abc/logs?stdout=1"), logsHead}}
			plain := plant{"text with " + prefix + ", " + name, []string{inner(token)}, []string{get("/text"), textHead}}
			shown := plant{"exec with " + prefix + ", " + name, []string{inner(token)}, []string{post("/v1.42/exec/e/start", `{}`, "Connection: Upgrade", "Upgrade: tcp"), hijack}}
			for _, p := range pieces {
				logs.steps = append(logs.steps, "< "+chunk(frame(p)))
				plain.steps = append(plain.steps, "< "+chunk(p))
				shown.steps = append(shown.steps, "< "+frame(p))
			}
			logs.steps = append(logs.steps, "< 0\r\n\r\n")
			plain.steps = append(plain.steps, "< 0\r\n\r\n")
			all = append(all, logs, plain, shown)
		}
	}
	return all
}

// play lets both sides say what the plant has them say, over path.
func (p plant) play(t *testing.T, path string, daemon <-chan net.Conn) {
	t.Helper()
	client := dialUnix(t, path)
	defer client.Close()
	server := <-daemon
	defer server.Close()
	for _, step := range p.steps {
		from, to := net.Conn(client), server
		if step[0] == '<' {
			from, to = server, client
		}
		data := step[2:]
		if _, err := io.WriteString(from, data); err != nil {
			t.Fatalf("%s: %v", p.name, err)
		}
		got := make([]byte, len(data))
		if _, err := io.ReadFull(to, got); err != nil || string(got) != data {
			t.Fatalf("%s: %v: got %q, want %q", p.name, err, got, data)
		}
	}
}

// forms are the ways in which a secret may stand in a file: in clear, escaped,
// and in base64 behind anything.
func forms(secret string) []string {
	list := []string{secret, url.QueryEscape(secret), strings.ReplaceAll(secret, "-", `\u002d`)}
	for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for shift := range 3 {
			coded := enc.EncodeToString([]byte(strings.Repeat("x", shift) + secret))
			// The first and the last characters depend on what is beside it.
			list = append(list, coded[[]int{0, 2, 3}[shift]:len(coded)-2])
		}
	}
	return list
}

// seen reports whether a secret stands in text in some form.
func seen(text, secret string) bool {
	for _, form := range forms(secret) {
		if strings.Contains(text, form) {
			return true
		}
	}
	return false
}

// TestSecrets records a session full of secrets in every format: nothing that
// was written or printed has one of them, unless they were asked for.
func TestSecrets(t *testing.T) {
	conns := make(chan net.Conn, 1)
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	daemon := fakeDaemon(t, func(c net.Conn) { conns <- c; <-release })
	all := plants()
	for _, show := range []bool{false, true} {
		for _, format := range []string{"text", "compact", "jsonl"} {
			t.Run(fmt.Sprintf("%s show=%v", format, show), func(t *testing.T) {
				dir := t.TempDir()
				collector := collectorFor(t, 200)
				flags := []string{"-f", format, "--har", filepath.Join(dir, "s.har"), "--otlp", collector.URL, "--otlp-bodies", "--otlp-audit"}
				if show {
					flags = append(flags, "--show-secrets")
				} else {
					flags = append(flags, "--mask", "pin", "--mask", "Voucher", "--mask", "x-badge")
				}
				l := listenTo(t, daemon, flags...)
				for _, p := range all {
					p.play(t, l.path, conns)
				}
				got := l.stop(syscall.SIGTERM)
				check(t, "status", got.status, "exit status 0")
				written := map[string]string{"stdout": got.out, "stderr": got.err, format: l.saved(), "har": readFile(t, filepath.Join(dir, "s.har")), "otlp": collector.text()}
				if len(written["otlp"]) < 10_000 {
					t.Errorf("%d bytes were exported", len(written["otlp"]))
				}
				var everything strings.Builder
				for _, text := range written {
					everything.WriteString(text)
				}
				for _, p := range all {
					for _, secret := range p.secrets {
						if show {
							if !seen(everything.String(), secret) {
								t.Errorf("%s: %q is nowhere, although secrets are to be shown", p.name, secret)
							}
							continue
						}
						for where, text := range written {
							if seen(text, secret) {
								t.Errorf("%s: %q is in %s", p.name, secret, where)
							}
						}
					}
				}
				if !show && !strings.Contains(got.err+l.saved(), " secrets masked: ") {
					t.Errorf("no summary of what was masked: %s", got.err)
				}
			})
		}
	}
}

// TestSecretsReadBack reads a pcapng recording, which has all secrets: what is
// shown of it has none.
func TestSecretsReadBack(t *testing.T) {
	conns := make(chan net.Conn, 1)
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	daemon := fakeDaemon(t, func(c net.Conn) { conns <- c; <-release })
	file := filepath.Join(t.TempDir(), "s.pcapng")
	l := listenWith(t, nil, daemon, "-q", "--pcapng", file)
	for _, p := range plants() {
		p.play(t, l.path, conns)
	}
	got := l.stop(syscall.SIGTERM)
	if !strings.Contains(got.err, "passwords") {
		t.Errorf("no warning: %q", got.err)
	}
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	check(t, "mode", info.Mode().Perm(), 0o600)
	raw := readFile(t, file)
	masks := []string{"--mask", "pin", "--mask", "Voucher", "--mask", "x-badge"}
	for _, format := range []string{"text", "compact", "jsonl"} {
		read := socktrace(t, nil, append([]string{"read", "-f", format, file}, masks...)...).end()
		for _, p := range plants() {
			for _, secret := range p.secrets {
				if !strings.HasPrefix(p.name, "archives") && !strings.HasPrefix(p.name, "inspect") && !seen(raw, secret) {
					t.Errorf("%s: %q is not in the pcapng file", p.name, secret)
				}
				if seen(read.out+read.err, secret) {
					t.Errorf("%s: %q is in what read -f %s shows", p.name, secret, format)
				}
			}
		}
	}
}

// TestSecretsReadUnmasked reads recordings that were made with all secrets, also in what
// they tell of exchanges in words: nothing that is made of them has one.
func TestSecretsReadUnmasked(t *testing.T) {
	conns := make(chan net.Conn, 1)
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	daemon := fakeDaemon(t, func(c net.Conn) { conns <- c; <-release })
	har := filepath.Join(t.TempDir(), "s.har")
	l := listenTo(t, daemon, "-f", "jsonl", "--show-secrets", "--har", har)
	for _, p := range plants() {
		p.play(t, l.path, conns)
	}
	check(t, "status", l.stop(syscall.SIGTERM).status, "exit status 0")
	for name, file := range map[string]string{"jsonl": l.file, "har": har} {
		bodiless := filepath.Join(t.TempDir(), "s."+name)
		flags := map[string][]string{"jsonl": {"-f", "jsonl", "-o", bodiless}, "har": {"-q", "--har", bodiless}}[name]
		check(t, "status", socktrace(t, nil, append([]string{"read", "--show-secrets", "--max-body", "0", file}, flags...)...).end().status, "exit status 0")
		for _, file := range []string{file, bodiless} {
			checkUnseen(t, name, file)
		}
	}
}

// checkUnseen reads a recording in all forms, and looks for secrets.
func checkUnseen(t *testing.T, name, file string) {
	t.Helper()
	again := filepath.Join(t.TempDir(), "again.har")
	shows := func(args string) string {
		got := socktrace(t, nil, append(strings.Fields(args), "--mask", "pin", "--mask", "Voucher", "--mask", "x-badge", file)...).end()
		check(t, args, got.status, "exit status 0")
		return got.out + got.err
	}
	for _, args := range []string{"read -f text", "read -q --har " + again, "read -f text --heads short --bodies short", "read -f compact", "read -f jsonl", "stats", "stats -f jsonl",
		`read -f compact --filter error!=""`} {
		text := shows(args)
		if args == "read -q --har "+again {
			text += readFile(t, again)
		}
		for _, p := range plants() {
			for _, secret := range p.secrets {
				if seen(text, secret) {
					t.Errorf("%s of %s, %s: %q is seen", args, name, p.name, secret)
				}
			}
		}
	}
}
