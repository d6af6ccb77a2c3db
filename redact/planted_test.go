package redact_test

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/internal/tracetest"
	"github.com/socktrace/socktrace/internal/transcript"
	"github.com/socktrace/socktrace/redact"
	"github.com/socktrace/socktrace/wire"
)

// planted is a secret that nothing else looks like; it has what needs escapes.
const planted = `S3CR"3T/val+ue`

// plain is the same for where such characters cannot be.
const plain = "S3CR3Tvalue0123456789abcdefXYZ"

func b64(s string) string    { return base64.StdEncoding.EncodeToString([]byte(s)) }
func b64url(s string) string { return base64.URLEncoding.EncodeToString([]byte(s)) }

func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b[1 : len(b)-1])
}

// call returns a request with its head.
func call(line, fields, body string) string {
	return fmt.Sprintf("%s HTTP/1.1\r\nHost: d\r\n%sContent-Length: %d\r\n\r\n%s", line, fields, len(body), body)
}

func answer(fields, body string) string {
	return fmt.Sprintf("HTTP/1.1 200 OK\r\n%sContent-Length: %d\r\n\r\n%s", fields, len(body), body)
}

const isJSON = "Content-Type: application/json\r\n"

// frame returns a frame of a multiplexed stream.
func frame(channel byte, s string) string {
	h := binary.BigEndian.AppendUint32([]byte{channel, 0, 0, 0}, uint32(len(s)))
	return string(h) + s
}

// upgrade returns a request that hijacks the connection, and its answer.
func upgrade(line, protocol string) (string, string) {
	return line + " HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: " + protocol + "\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: " + protocol + "\r\n\r\n"
}

// coloured is a string of JSON with what terminals show in colours.
const coloured = `"\u001b[31m//u:` + plain + `@h \u001b[1mPASSWORD\u001b[0m=` + plain + ` \u001b[32mX-Vault-Token\u001b[0m: ` + plain + `\n` +
	`x \u001b[1;31m--password ` + plain + ` \u001b[1m--token\u001b[0m ` + plain + `\nENV \u001b[1mAPI_TOKEN ` + plain + `\n\u001b[33mENV\u001b[0m A_TOKEN ` + plain + `"`

// plantings are conversations, each with a secret in it: what the client sends,
// what the daemon answers, and so on.
var plantings = map[string][]string{
	"registry auth":     {call("POST /images/create?fromImage=x", "X-Registry-Auth: "+b64url(`{"username":"u","password":"`+quoted(planted)+`"}`)+"\r\n", ""), answer("", "")},
	"registry auth raw": {call("POST /images/create?fromImage=x", "X-Registry-Auth: "+strings.TrimRight(b64(`{"identitytoken":"`+quoted(planted)+`","auth":"`+b64(planted)+`"}`), "=")+"\r\n", ""), answer("", "")},
	"registry config":   {call("POST /build", "X-Registry-Config: "+b64url(`{"r":{"username":"u","auth":"`+b64("u:"+planted)+`"}}`)+"\r\n", ""), answer("", "")},
	"credentials":       {call("GET /info", "Authorization: Basic "+b64("u:"+planted)+"\r\nX-Meta-Authorization: Bearer "+plain+"\r\nX-My-Api-Key: "+plain+"\r\nCookie: a="+plain+"\r\n", ""), answer("Set-Cookie: a="+plain+"\r\n", "")},
	"urls in fields":    {call("GET /info", "Referer: https://u:"+plain+"@h/x?access_token="+plain+"\r\nX-Meta-Url: https://h/?sig="+plain+"\r\n", ""), answer("Location: /x?code="+plain+"\r\n", "")},
	"trailer":           {"POST /x HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Auth-Token: " + plain + "\r\n\r\n", answer("", "")},
	"reason":            {call("GET /x", "", ""), "HTTP/1.1 200 ghp_" + plain + "\r\nContent-Length: 0\r\n\r\n"},
	"target":            {call("POST /build?buildargs="+url.QueryEscape(`{"TOKEN":"`+quoted(planted)+`"}`)+"&remote="+url.QueryEscape("https://u:"+plain+"@h/x.git")+"&labels="+url.QueryEscape(`{"my.secret":"`+quoted(planted)+`"}`)+"&session="+plain+"&access_token="+plain, "", ""), answer("", "")},
	"changes":           {call("POST /images/create?fromSrc=-&changes=ENV+API_TOKEN%3D"+plain+"&changes=ENV%20DB_PASSWORD%20"+plain, "", ""), answer("", "")},
	"commit":            {call("POST /commit?container=x&comment=DB_PASSWORD%3D"+plain+"&changes=ENV+X_PASSWORD%3D"+plain+"&message=--token+"+plain, "", ""), answer(isJSON, `{"Comment":"DB_PASSWORD=`+plain+`"}`)},
	"url, no scheme":    {call("GET /x/archive?path=%2F%2Fu%3A"+plain+"%40h&a=//u:"+plain+"@h", "X-Meta: at //u:"+plain+"@h\r\nLocation: //u:"+plain+"@h/x\r\n", ""), answer(isJSON, `{"a":"//u:`+plain+`@h/x","b":["at \u002f/u:`+plain+`@h"],"message":"x\n//u:`+plain+`@h"}`)},
	"url in text":       {call("GET /x", "", ""), answer("Content-Type: text/plain\r\n", "at //u:"+plain+"@h\n(//:"+plain+"@h)\n")},
	"failed path":       {call("POST /x", "", ""), answer(isJSON, `{"message":"exec: \"/etc/passwd\": `+plain+`: unknown","b":"\"/x/password\": stat `+plain+`: no such file or directory","c":"\"/x/token\": no such file or directory: `+plain+`"}`)},
	"failed path, text": {call("POST /x", "", ""), answer("Content-Type: text/plain\r\n", `exec: "/etc/passwd": `+plain+"\n"+`"/x/password": open `+plain+": permission denied\n")},
	"coloured":          {call("POST /x", isJSON, `{"Cmd":["sh","-c",`+coloured+`]}`), answer(isJSON, `{"message":`+coloured+`,"b":"\"\u001b[32mpassword\u001b[0m\": \"`+plain+`\""}`)},
	"coloured logs":     {call("GET /containers/x/logs?stdout=1", "", ""), answer("Content-Type: application/vnd.docker.multiplexed-stream\r\n", frame(1, "\x1b[31m//u:"+plain+"@h\n")+frame(2, "\x1b[1;31mBearer "+plain+"\n"))},
	"coloured text":     {call("GET /x", "", ""), answer("Content-Type: text/plain\r\n", "\x1b[34;1m\"password\"\x1b[0m\x1b[1;39m:\x1b[0m \x1b[0;32m\""+plain+"\"\x1b[0m\n\x1b[1mpassword: "+plain+"\n\x1b[1mPASSWORD\x1b[0m = "+plain+"\n")},
	"create":            {call("POST /containers/create", isJSON, `{"Env":["DB_PASSWORD=`+quoted(planted)+`"],"Cmd":["x","--token","`+quoted(planted)+`"],"Labels":{"auth":"`+quoted(planted)+`"}}`), answer(isJSON, `{"Config":{"Env":["KEY=`+quoted(planted)+`"]}}`)},
	"json as text":      {call("POST /containers/create", "Content-Type: text/html\r\n", `{"Env":["DB_PASSWORD=`+quoted(planted)+`"],"password":"`+quoted(planted)+`"}`), answer("Content-Type: text/plain\r\n", `[{"token":"`+quoted(planted)+`"}]`)},
	"json untyped":      {call("POST /containers/create", "", `{"password":"`+quoted(planted)+`"}`), answer("", `{"password":"`+quoted(planted)+`"}`)},
	"json cut":          {call("POST /x", isJSON, `{"password":"`+plain), answer(isJSON, `{"Env":["TOKEN=`+plain)},
	"json broken":       {call("POST /x", isJSON, `{"a":oops,"password":"`+plain+`"}`), answer(isJSON, `{"password" "`+plain+`"}`)},
	"form":              {call("POST /x", "Content-Type: application/x-www-form-urlencoded\r\n", "user=u&password="+url.QueryEscape(planted)), answer("", "")},
	"login":             {call("POST /v1.41/auth", isJSON, `{"username":"u","password":"`+quoted(planted)+`"}`), answer(isJSON, `{"IdentityToken":"`+plain+`"}`)},
	"secret":            {call("POST /secrets/create", isJSON, `{"Name":"n","Data":"`+b64(planted)+`"}`), answer(isJSON, `{"ID":"i"}`)},
	"swarm":             {call("POST /swarm/join", isJSON, `{"JoinToken":"SWMTKN-1-`+plain+`-x"}`), answer(isJSON, `{"JoinTokens":{"Worker":"`+plain+`"},"UnlockKey":"`+plain+`"}`)},
	"tar up":            {call("POST /build", "Content-Type: application/x-tar\r\n", "f\x00"+plain), answer("", "")},
	"tar untyped":       {call("PUT /containers/x/archive?path=/", "Content-Type: text/plain\r\n", plain+"\n"), answer("", "")},
	"tar down":          {call("GET /containers/x/export", "", ""), answer("", "f\x00"+plain)},
	"tar by its magic":  {call("GET /x", "", ""), answer("", strings.Repeat("\x00", 257)+"ustar\x00"+plain)},
	"error text":        {call("GET /x", "", ""), "HTTP/1.1 500 Oops\r\nContent-Type: text/plain\r\nContent-Length: 60\r\n\r\nGet https://u:" + plain + "@h/: no route"},
	"events":            {call("GET /events", "", ""), answer(isJSON, `{"Action":"exec_create: sh -c TOKEN=`+plain+` x","Actor":{"Attributes":{"a.password":"`+quoted(planted)+`"}}}`+"\n"+`{"a":"ghp_`+plain+`"}`)},
	"not http":          {"X-Registry-Auth: " + b64(planted) + "\r\nAuthorization: Basic " + b64("u:"+planted) + "\r\nat https://u:" + plain + "@h\r\n", ""},
	"bad request line":  {"GET /x?token=" + plain + " y HTTP/9.9.9\r\n\r\n", ""},
	"http/2":            {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + plain, plain},
	"options":           {call("POST /containers/create", isJSON, `{"Cmd":["mysql","-uroot","-p`+quoted(planted)+`","-u","u:`+plain+`"],"Entrypoint":["sh","-c","curl -u u:`+plain+` h; sshpass -p `+plain+` ssh h; x --password `+plain+`; TOKEN=a\\ `+plain+`"]}`), answer("", "")},
	"json in json":      {call("POST /x", isJSON, `{"a":"{\"password\":\"`+plain+`\"}"}`), answer("", "")},
	"login, odd key":    {call("POST /v1.41/auth", isJSON, `{"username":"u","unheard-of":"`+plain+`"}`), answer(isJSON, `{"Status":"ok"}`)},
	"podman's secret":   {call("POST /v5.0.0/libpod/secrets/create?name=x", isJSON, plain), answer(isJSON, `{"ID":"i"}`)},
	"podman's secret 2": {call("POST /v5.0.0/libpod/secrets/create?name=x", isJSON, `{"any":"`+plain+`"}`), answer(isJSON, `{"ID":"i"}`)},
	"podman's files":    {call("POST /v5.0.0/libpod/kube/play", "Content-Type: application/yaml\r\n", "kind: Secret\ndata:\n  x: "+plain+"\n"), answer("", "")},
	"podman's files 2":  {call("DELETE /v5.0.0/libpod/play/kube", "Content-Type: application/yaml\r\n", "kind: Secret\ndata:\n  x: "+plain+"\n"), answer("", "")},
	"podman's files 3":  {call("POST /v6.0.0/libpod/quadlets", "Content-Type: multipart/form-data; boundary=b\r\n", "--b\r\n\r\n[Container]\nEnvironment=X="+plain+"\n\r\n--b--\r\n"), answer("", "")},
	"plugin's secret":   {call("POST /SecretProvider.GetSecret", isJSON, `{"SecretName":"n"}`), answer(isJSON, `{"Value":"`+b64(planted)+`","Err":""}`)},
	"Kubernetes":        {call("POST /api/v1/namespaces/d/secrets", isJSON, `{"kind":"Secret","data":{"x":"`+b64(planted)+`"},"stringData":{"y":"`+plain+`"}}`), answer("", "")},
	"Kubernetes' note":  {call("GET /api/v1/namespaces/d/secrets/s", "", ""), answer(isJSON, `{"metadata":{"annotations":{"last-applied-configuration":"{\"data\":{\"x\":\"`+plain+`\"}}\n"}}}`)},
	"filters":           {call("GET /containers/json?filters="+url.QueryEscape(`{"label":["db.password=`+plain+`"]}`), "", ""), answer("", "")},
	"length too short":  {"POST /secrets/create HTTP/1.1\r\nHost: d\r\nContent-Length: 10\r\n\r\n" + `{"Name":"n","Data":"` + plain + `"}`, answer("", "")},
	"no length":         {"POST /secrets/create HTTP/1.1\r\nHost: d\r\n\r\n" + `{"Name":"n","Data":"` + plain + `"}` + "\n", answer("", "")},
	"no chunks":         {"POST /secrets/create HTTP/1.1\r\nHost: d\r\n" + isJSON + "Transfer-Encoding: chunked\r\n\r\n" + `{"Name":"n","Data":"` + plain + `"}` + "\r\n", answer("", "")},
	"no chunks, answer": {call("GET /configs/x", "", ""), "HTTP/1.1 200 OK\r\n" + isJSON + "Transfer-Encoding: chunked\r\n\r\n" + `{"Spec":{"Data":"` + plain + `"}}` + "\r\n"},
	"broken secret":     {call("POST /secrets/create", isJSON, `{"Name":"a" "Data":"`+plain+`"}`), answer(isJSON, `[1 {"Data":"`+plain+`"}]`)},
	"text of a secret":  {call("GET /configs/x", "", ""), answer("Content-Type: text/plain\r\n", plain)},
	"archive too long":  {"PUT /containers/x/archive?path=/ HTTP/1.1\r\nHost: d\r\nContent-Type: application/x-tar\r\nContent-Length: 5\r\n\r\nhello\n" + plain + "\r\n", answer("", "")},
	"CONNECT":           {"CONNECT u:" + plain + "@h:443 HTTP/1.1\r\nHost: d\r\n\r\n", "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"},
	"typed, no upgrade": {"POST /exec/1/start HTTP/1.1\r\nHost: d\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n", plain + "\n"},
	"typed, chunked":    {"POST /containers/x/attach?stdin=1 HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n", "1e\r\n" + plain + "\r\n"},
	"typed, refused":    {"POST /exec/1/start HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 2\r\n\r\n{}" + plain + "\n", "HTTP/1.1 409 Conflict\r\nContent-Length: 0\r\n\r\n"},
	"typed as document": {call("POST /containers/x/attach?stdin=1", isJSON, `{"a":"`+plain+`"}`), answer("", "")},
	"token of a socket": {call("GET /x", "Sec-WebSocket-Protocol: base64url.bearer.authorization.k8s.io."+plain+", v4.channel.k8s.io\r\n", ""), answer("", "")},
	"logs":              {call("GET /v1.50/containers/x/logs?stdout=1", "", ""), "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\nConnection: close\r\n\r\n" + frame(1, "token ghp_S3CR3T") + frame(2, "https://u:S3CR") + frame(1, "valueS3CR3Tvalue\n") + frame(2, "3Tvalue@h\n")},
}

func init() {
	for name, u := range map[string][2]string{"attach": {"POST /v1.41/containers/x/attach?stdin=1", "tcp"}, "exec": {"POST /exec/1/start", "tcp"},
		"session": {"POST /session", "h2c"}, "grpc": {"POST /grpc", "h2c"}, "websocket": {"GET /containers/x/attach/ws?stdin=1", "websocket"},
		"http in an exec": {"POST /exec/1/start", "tcp"}, "http in a session": {"POST /session", "any"}} {
		up, down := upgrade(u[0], u[1])
		sent, got := planted+"\n", ""
		switch u[1] {
		case "any":
			got = plain
		case "h2c":
			got = plain
		case "websocket":
			sent = "\x81\x8e\x00\x00\x00\x00" + planted
			got = "\x82\x22ghp_" + plain
		default:
			got = frame(1, "ghp_"+plain+"\n")
		}
		if strings.HasPrefix(name, "http in") {
			sent, got = call("POST /x", isJSON, `{"a":"`+quoted(planted)+`"}`), answer("Content-Type: text/plain\r\n", got)
		}
		plantings[name] = []string{up, down, sent, got}
	}
}

// TestPlanted looks for secrets, in every form that they could be in, in all
// events of conversations, with the bytes in one piece and one by one.
func TestPlanted(t *testing.T) {
	leaks := []string{"S3CR"}
	for _, s := range []string{planted, plain, "u:" + planted, "u:" + plain} {
		leaks = append(leaks, b64(s)[:8], url.QueryEscape(s), quoted(s), b64(s)[4:16], b64url(s)[4:16])
	}
	for name, parts := range plantings {
		for _, bytewise := range []bool{false, true} {
			evs := converse(parts, bytewise, redact.New(redact.Options{}).Event)
			for _, ev := range evs {
				text := show(ev)
				for _, leak := range leaks {
					if i := strings.Index(text, leak); i >= 0 {
						t.Fatalf("%s (byte by byte: %t): %T has %s in\n%s", name, bytewise, ev, leak, text[max(0, i-200):min(len(text), i+100)])
					}
				}
			}
			masked := false
			for _, ev := range evs {
				masked = masked || strings.Contains(show(ev), "masked ") || strings.Contains(show(ev), "masked%20")
			}
			if !masked && !strings.HasPrefix(name, "tar") {
				t.Errorf("%s: nothing is masked", name)
			}
			second := redact.New(redact.Options{})
			for _, ev := range evs {
				again := second.Event(ev)
				if a, b := show(ev), show(again); a != b && !strings.HasPrefix(name, "not http") {
					t.Errorf("%s: masked twice\n%s\n%s", name, a, b)
				}
			}
		}
	}
}

// TestShown: with Off everything is seen.
func TestShown(t *testing.T) {
	for name, parts := range plantings {
		var all strings.Builder
		for _, ev := range converse(parts, false, redact.New(redact.Options{Off: true}).Event) {
			all.WriteString(show(ev))
		}
		text := strings.ReplaceAll(all.String(), `" []raw "`, "") // in pieces
		if strings.Contains(text, "masked ") || !strings.Contains(text, "S3CR") && !strings.Contains(all.String(), b64(planted)[:8]) && !strings.Contains(all.String(), b64("u:" + planted)[:8]) && !strings.Contains(name, "registry") {
			t.Errorf("%s: %s", name, all.String())
		}
	}
}

// converse returns the events of a conversation as they come out of mask.
func converse(parts []string, bytewise bool, mask func(wire.Event) wire.Event) (evs []wire.Event) {
	c := &transcript.Conn{}
	for i, s := range parts {
		step := len(s)
		if bytewise {
			step = 1
		}
		for j := 0; j < len(s); j += max(step, 1) {
			c.Chunks = append(c.Chunks, transcript.Chunk{Dir: wire.Dir(i % 2), Data: []byte(s[j : j+step])})
		}
	}
	conn := c.Wire(1, time.Time{})
	o := decode.Options{
		Needs:     wire.Needs{Fields: true, Sizes: true, Messages: true, Body: 1 << 20, Keeps: true},
		Terminals: decode.NewTerminals(),
	}
	book := tracetest.Booked(func(ev wire.Event) { evs = append(evs, wire.Clone(ev)) })
	c.Play(conn, decode.New(conn, o, func(ev wire.Event) { book(mask(ev)) }))
	return evs
}

// show returns all that is in an event.
func show(ev wire.Event) string {
	var b strings.Builder
	switch ev := ev.(type) {
	case *wire.Message:
		fmt.Fprintf(&b, "%v %q %q", ev.Kind, ev.Data, ev.Masked)
	case *wire.Body:
		fmt.Fprintf(&b, "%q %v %q %s", ev.Data, ev.Trailer, ev.Masked, ev.Digest)
	case *wire.Request:
		fmt.Fprintf(&b, "%s %s %v %q", ev.Method, ev.Target, ev.Fields, ev.Masked)
	case *wire.Response:
		fmt.Fprintf(&b, "%q %v %q", ev.Reason, ev.Fields, ev.Masked)
	case *wire.Anomaly:
		fmt.Fprintf(&b, "%s %s", ev.Code, ev.Detail)
	case *wire.Upgrade:
		b.WriteString(ev.Protocol)
	case *wire.Exchange:
		fmt.Fprintf(&b, "%q", ev.Masked)
		if ev.Request != nil {
			b.WriteString(show(ev.Request))
		}
		if ev.Response != nil {
			b.WriteString(show(ev.Response))
		}
		if ev.RequestBody != nil {
			b.WriteString(show(ev.RequestBody))
		}
		if ev.ResponseBody != nil {
			b.WriteString(show(ev.ResponseBody))
		}
		for _, a := range ev.Anomalies {
			b.WriteString(show(a))
		}
	}
	// What %q escapes is what a sink shows.
	return strings.ReplaceAll(b.String(), `\"`, `"`)
}
