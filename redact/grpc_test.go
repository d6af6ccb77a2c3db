package redact

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// inside returns the conversation on a connection inside an exchange with traits.
func inside(t dockerapi.Traits) *conv {
	c := newConv()
	s := c.r.conns.state(c.conn)
	s.learn(s.exchange(1), t)
	return &conv{c.r, &wire.Conn{ID: 2, Parent: wire.Parent{Conn: c.conn, Exchange: 1}, Via: "h2c"}}
}

// TestGRPC: of messages whose types are known only the secrets are masked, in
// sessions of BuildKit too; of others nothing is shown there.
func TestGRPC(t *testing.T) {
	const secret = "S3CR3T"
	for _, c := range []struct {
		typ, in, want string
		sealed        string // what is shown in a session, if that is something else
	}{
		{"moby.buildkit.secrets.v1.GetSecretResponse", `{"data":"UzNDUjNU"}`, `{"data":"*"}`, ""},
		{"moby.buildkit.secrets.v1.GetSecretResponse", `{"data":{"size":300,"begins":"UzNDUjNU"}}`, `{"data":{"size":"*","begins":"*"}}`, ""},
		{"moby.buildkit.secrets.v1.GetSecretResponse", `{"7:len":"S3CR3T","8:varint":5,"9:len":{"1:len":"S3CR3T"}}`, `{"7:len":"*","8:varint":"*","9:len":{"1:len":"*"}}`, ""},
		{"moby.buildkit.secrets.v1.GetSecretRequest", `{"ID":"token"}`, `{"ID":"token"}`, ""},
		{"moby.filesync.v1.CredentialsResponse", `{"Username":"u","Secret":"S3CR3T"}`, `{"Username":"u","Secret":"*"}`, ""},
		{"moby.filesync.v1.FetchTokenResponse", `{"Token":"S3CR3T","ExpiresIn":"300"}`, `{"Token":"*","ExpiresIn":"300"}`, ""},
		{"fsutil.types.Packet", `{"type":"PACKET_DATA","ID":1,"data":"UzNDUjNU"}`, `{"type":"PACKET_DATA","ID":1,"data":"*"}`, ""},
		{"fsutil.types.Packet", `{"type":"PACKET_STAT","stat":{"path":"Dockerfile"}}`, `{"type":"PACKET_STAT","stat":{"path":"Dockerfile"}}`, ""},
		{"moby.sshforward.v1.BytesMessage", `{"data":"UzNDUjNU"}`, `{"data":"*"}`, ""},
		{"moby.buildkit.v1.SolveRequest", `{"FrontendAttrs":{"build-arg:API_TOKEN":"S3CR3T","build-arg:NAME":"x","filename":"Dockerfile"}}`,
			`{"FrontendAttrs":{"build-arg:API_TOKEN":"*","build-arg:NAME":"x","filename":"Dockerfile"}}`, ""},
		{"moby.buildkit.v1.frontend.SolveRequest", `{"FrontendOpt":{"build-arg:DB_PASSWORD":"S3CR3T","label:a":"b"}}`, `{"FrontendOpt":{"build-arg:DB_PASSWORD":"*","label:a":"b"}}`, ""},
		{"moby.buildkit.v1.SolveRequest", `{"Cache":{"Exports":[{"Type":"s3","Attrs":{"secret_access_key":"S3CR3T","region":"r"}}]}}`,
			`{"Cache":{"Exports":[{"Type":"s3","Attrs":{"secret_access_key":"*","region":"r"}}]}}`, ""},
		{"pb.Op", `{"exec":{"meta":{"env":["PATH=/bin","API_TOKEN=S3CR3T"]}}}`, `{"exec":{"meta":{"env":["PATH=/bin","API_TOKEN=*"]}}}`, ""},
		{"runtime.v1.CreateContainerRequest", `{"config":{"envs":[{"key":"DB_PASSWORD","value":"S3CR3T"},{"key":"A","value":"b"}]}}`,
			`{"config":{"envs":[{"key":"DB_PASSWORD","value":"*"},{"key":"A","value":"b"}]}}`, ""},
		{"runtime.v1.PullImageRequest", `{"auth":{"username":"u","password":"S3CR3T","identityToken":"S3CR3T"}}`, `{"auth":{"username":"u","password":"*","identityToken":"*"}}`, ""},
		{"moby.buildkit.v1.StatusResponse", `{"vertexes":[{"name":"RUN curl -u me:S3CR3T h","inputs":["a"]}],"logs":[{"msg":"a\nexport API_TOKEN=S3CR3T"}]}`,
			`{"vertexes":[{"name":"RUN curl -u me:* h","inputs":["a"]}],"logs":[{"msg":"a\nexport API_TOKEN=*"}]}`, ""},
		{"pb.Op", `{"description":{"llb.customname":"RUN [\"mysql\",\"-pS3CR3T\"]"}}`, `{"description":{"llb.customname":"RUN [\"mysql\",\"-p*\"]"}}`, ""},
		{"pb.Op", `{"a":{"value":"S3CR3T","key":"API_TOKEN"},"b":{"value":"seen","key":"NAME"},"name":"--token"}`, `{"a":{"value":"*","key":"API_TOKEN"},"b":{"value":"seen","key":"NAME"},"name":"--token"}`, ""},
		{"moby.filesync.v1.CredentialsResponse", `{"!":"malformed","!rest":"UzNDUjNU"}`, `{"!":"malformed","!rest":"*"}`, ""},
		{"", `{"1:len":"kept"}`, `{"1:len":"kept"}`, `"*"`},
	} {
		for name, conv := range map[string]*conv{"": newConv(), "session ": inside(dockerapi.Sealed), "exec ": inside(dockerapi.Input)} {
			want := c.want
			if name != "" && c.sealed != "" {
				want = c.sealed
			}
			conv.request(1, "/some.v1.Service/Method")
			got := conv.r.message(&wire.Message{Meta: conv.meta(1, wire.ToServer), Kind: wire.KindGRPC, Type: c.typ, Data: []byte(c.in), Size: int64(len(c.in))})
			if shown := stars(string(got.Data)); shown != want {
				t.Errorf("%s%s: got %s, want %s", name, c.typ, shown, want)
			}
			if masked := strings.Contains(want, "*"); masked != (len(got.Masked) > 0) || strings.Contains(string(got.Data), secret) {
				t.Errorf("%s%s: masked %q", name, c.typ, got.Masked)
			}
		}
	}
}

// stars puts a star in the place of what is masked.
func stars(s string) string {
	for {
		from := strings.Index(s, "[masked")
		if from < 0 {
			return s
		}
		to := strings.IndexByte(s[from:], ']')
		s = s[:from] + "*" + s[from+to+1:]
	}
}

// TestTrace: the progress of a build that older clients get in base64 is told
// decoded, in a message of its own: what is in it is not shown twice.
func TestTrace(t *testing.T) {
	c := newConv()
	for in, want := range map[string]string{
		`{"id":"moby.buildkit.trace","aux":"UzNDUjNU"}`:      `{"id":"moby.buildkit.trace","aux":"*"}`,
		`{"\u0061ux":"UzNDUjNU","id":"moby.buildkit.trace"}`: `{"\u0061ux":"*","id":"moby.buildkit.trace"}`,
		`{"id":"moby.image.id","aux":{"ID":"sha256:1"}}`:     `{"id":"moby.image.id","aux":{"ID":"sha256:1"}}`,
	} {
		if got := stars(string(c.message(1, wire.ToClient, wire.KindJSON, in).Data)); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if got := stars(string(c.r.body(c.body(2, wire.ToClient, wire.KindJSON, in)).Data)); got != want {
			t.Errorf("body: got %s, want %s", got, want)
		}
	}
}

// TestPath: where the target is among the fields, it is masked there too.
func TestPath(t *testing.T) {
	c := newConv()
	q := &wire.Request{Meta: c.meta(1, wire.ToServer), Method: "GET", Target: "/x?token=S3CR3T"}
	q.Fields = []wire.Field{{Name: ":method", Value: "GET"}, {Name: ":path", Value: q.Target}, {Name: "authorization", Value: "Bearer S3CR3T"}}
	before := q.Fields[1]
	got := c.r.request(q)
	for _, f := range got.Fields {
		if strings.Contains(f.Value, "S3CR3T") || f.Masked != (f.Name != ":method") {
			t.Errorf("%+v", f)
		}
	}
	if got.Fields[1].Value != got.Target || q.Fields[1] != before {
		t.Errorf("%+v of %q", got.Fields[1], got.Target)
	}
	q.Fields[2].Value = "none"
	q.Fields = q.Fields[:2]
	if got := c.r.request(q); got.Fields[1].Value != got.Target || q.Fields[1] != before {
		t.Errorf("without other secrets: %+v", got.Fields)
	}
}

// TestCarriedByMessages: what the messages of a call carry is hidden as in a session,
// wherever the call is.
func TestCarriedByMessages(t *testing.T) {
	for via, want := range map[string]string{"grpc": `"*"`, "connect": `{"1:len":"kept"}`} {
		c := inside(0)
		c.conn.Via = via
		c.request(1, "/some.v1.Service/Method")
		got := c.r.message(&wire.Message{Meta: c.meta(1, wire.ToClient), Kind: wire.KindGRPC, Data: []byte(`{"1:len":"kept"}`), Size: 8})
		if shown := stars(string(got.Data)); shown != want {
			t.Errorf("%s: %s, want %s", via, shown, want)
		}
	}
}

// TestErrorOfCall: what a recording tells of why a call has failed is what its trailer
// says, and that is shown, in sessions too.
func TestErrorOfCall(t *testing.T) {
	for typ, want := range map[string]string{
		"application/grpc": "no such file; token=*", "application/grpc+proto": "no such file; token=*", "text/plain": "*",
	} {
		c := inside(dockerapi.Sealed)
		c.r.Event(&wire.Response{Meta: c.meta(1, wire.ToClient), Status: 200, Fields: []wire.Field{{Name: "content-type", Value: typ}}})
		end := c.end(1, aboutWith("error", "no such file; token=S3CR3T"))
		if got := stars(end.About.Outcome.Error); got != want {
			t.Errorf("%s: %s, want %s", typ, got, want)
		}
	}
}

// TestNameless: of a stream of HTTP/2 of which nobody knows what it asks for nothing is
// shown that may be a secret of a build.
func TestNameless(t *testing.T) {
	response := func(c *conv) {
		c.r.response(&wire.Response{Meta: c.meta(1, wire.ToClient), Version: "HTTP/2", Status: 200})
	}
	request := func(c *conv, n int, target string) {
		c.r.request(&wire.Request{Meta: c.meta(n, wire.ToServer), Method: "POST", Target: target, Version: "HTTP/2", Stream: uint32(2*n - 1)})
	}
	for name, c := range map[string]struct {
		before func(*conv)
		hides  bool // what is not understood
		opens  bool // messages whose type is not known
	}{
		"no head":        {func(*conv) {}, false, false},
		"no head, HTTP2": {func(c *conv) { request(c, 2, "/a.B/C") }, true, false},
		"only an answer": {response, true, false},
		"no target":      {func(c *conv) { request(c, 1, wire.UnknownField) }, true, false},
		"a target":       {func(c *conv) { request(c, 1, "/a.B/C"); response(c) }, false, true},
	} {
		c2 := newConv()
		c.before(c2)
		raw := c2.r.message(&wire.Message{Meta: c2.meta(1, wire.ToClient), Kind: wire.KindRaw, Data: []byte("hush"), Size: 4})
		if (string(raw.Data) != "hush") != c.hides {
			t.Errorf("%s: bytes are %q", name, raw.Data)
		}
		got := c2.r.message(&wire.Message{Meta: c2.meta(1, wire.ToClient), Kind: wire.KindGRPC, Data: []byte(`{"1:len":"hush"}`), Size: 6})
		if shown := stars(string(got.Data)); (shown == `{"1:len":"hush"}`) != c.opens {
			t.Errorf("%s: a message is %s", name, shown)
		}
	}
}
