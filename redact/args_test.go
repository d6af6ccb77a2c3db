package redact

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/wire"
)

// grpcMessage is a message of gRPC to the server.
func (c *conv) grpcMessage(exchange int, typ, data string) *wire.Message {
	return c.r.message(&wire.Message{Meta: c.meta(exchange, wire.ToServer), Kind: wire.KindGRPC, Type: typ, Data: []byte(data), Size: int64(len(data))})
}

// TestArgs: the value of a build argument that is a secret by its name is one wherever
// it stands on its connection.
func TestArgs(t *testing.T) {
	const step = `{"vertexes":[{"name":"RUN fetch https://h/S3CR3T/x plainvalue","error":"S3CR3TS3CR3T"}],"S3CR3T":1}`
	const want = `{"vertexes":[{"name":"RUN fetch https://h/*/x plainvalue","error":"**"}],"S3CR3T":1}`
	for name, tell := range map[string]func(c *conv){
		"target": func(c *conv) {
			c.request(1, "/v1.41/build?buildargs=%7B%22API_TOKEN%22%3A%22S3CR3T%22%2C%22NAME%22%3A%22plainvalue%22%2C%22PIN%22%3Anull%2C%22PW%22%3A%22RUN%22%2C%22AUTH%22%3A%22fetch%22%7D")
		},
		"solve": func(c *conv) {
			c.grpcMessage(1, "moby.buildkit.v1.SolveRequest", `{"FrontendAttrs":{"build-arg:API_TOKEN":"S3CR3T","build-arg:NAME":"plainvalue","API_KEY":"vertexes"}}`)
		},
		"frontend": func(c *conv) {
			c.grpcMessage(1, "moby.buildkit.v1.frontend.SolveRequest", `{"FrontendOpt":{"build-arg:API_TOKEN":"S3CR3T","build-arg:PW":"RUN"}}`)
		},
	} {
		c := inside(dockerapi.Sealed)
		if name == "target" {
			c = newConv()
		}
		if got := stars(string(c.grpcMessage(2, "moby.buildkit.v1.StatusResponse", step).Data)); got != step {
			t.Errorf("%s: before it was told: %s", name, got)
		}
		tell(c)
		if got := stars(string(c.grpcMessage(2, "moby.buildkit.v1.StatusResponse", step).Data)); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
		if got := stars(string(c.message(3, wire.ToClient, wire.KindJSON, `{"stream":"S3CR3T","n":7}`).Data)); got != `{"stream":"*","n":7}` && name == "target" {
			t.Errorf("%s: document: %s", name, got)
		}
		if got := stars(string(c.r.body(c.body(4, wire.ToClient, wire.KindJSON, `{"a":"{\"b\":\"S3CR3T\"}"}`)).Data)); got != `{"a":"{\"b\":\"*\"}"}` && name == "target" {
			t.Errorf("%s: body: %s", name, got)
		}
		b := c.body(5, wire.ToClient, wire.KindGRPC, "")
		b.Trailer = []wire.Field{{Name: "grpc-status", Value: "2"}, {Name: "grpc-message", Value: "at S3CR3T"}}
		got := c.r.body(b)
		if f := got.Trailer[1]; stars(f.Value) != "at *" || !f.Masked || got.Trailer[0].Masked || b.Trailer[1].Masked {
			t.Errorf("%s: trailer: %+v", name, got.Trailer)
		}
	}
}

// TestArgsInMessage: what a call says went wrong is percent-encoded, as no value is.
func TestArgsInMessage(t *testing.T) {
	for value, sent := range map[string]string{
		"S3CR3T": "exit: S3CR3T, 100%25", "Bün code": "exit: B%C3%BCn code, 100%25", "1%2 34": "exit: 1%252 34, 100%25", "line 1\nline 2": "exit%3A line 1%0Aline%202, 100%25",
	} {
		c := inside(dockerapi.Sealed)
		doc, _ := json.Marshal(map[string]map[string]string{"FrontendAttrs": {"build-arg:API_TOKEN": value}})
		c.grpcMessage(1, "moby.buildkit.v1.SolveRequest", string(doc))
		b := c.body(2, wire.ToClient, wire.KindGRPC, "")
		b.Trailer = []wire.Field{{Name: "grpc-status", Value: "2"}, {Name: "grpc-message", Value: sent}}
		if f := c.r.body(b).Trailer[1]; stars(f.Value) != "exit: *, 100%25" || !f.Masked {
			t.Errorf("%q in %s: %s", value, sent, f.Value)
		}
		b.Trailer[1].Value = "all is well, 100%25"
		if f := c.r.body(b).Trailer[1]; f.Masked || f.Value != "all is well, 100%25" {
			t.Errorf("%q: %+v", value, f)
		}
	}
}

// TestAuthority: who asks is not in what is told apart from the fields either.
func TestAuthority(t *testing.T) {
	for name, r := range map[string]*wire.Request{
		":authority": {Method: "CONNECT", Authority: "u:PASSW0RD@x:443", Fields: []wire.Field{{Name: ":method", Value: "CONNECT"}, {Name: ":authority", Value: "u:PASSW0RD@x:443"}}},
		"host":       {Method: "GET", Target: "/", Authority: "u:PASSW0RD@x", Fields: []wire.Field{{Name: ":method", Value: "GET"}, {Name: "host", Value: "u:PASSW0RD@x"}}},
	} {
		c := newConv()
		r.Meta, r.Version, r.Stream = c.meta(1, wire.ToServer), "HTTP/2", 1
		if got := c.r.request(r); strings.Contains(got.Authority, "PASSW0RD") || got.Authority != got.Fields[1].Value || !got.Fields[1].Masked {
			t.Errorf("%s: %q, %+v", name, got.Authority, got.Fields)
		}
	}
}

// TestArgsBounds: only so much is kept.
func TestArgsBounds(t *testing.T) {
	c := newConv()
	long := strings.Repeat("x", 3<<10)
	for _, v := range []string{long, "y" + long, "S3CR3T", "short", "/etc/file.pem", "required", "S3CR3T"} {
		c.grpcMessage(1, "moby.buildkit.v1.SolveRequest", `{"FrontendAttrs":{"build-arg:API_TOKEN":"`+v+`"}}`)
	}
	s := c.r.conns.state(c.conn)
	if len(s.args.values) != 2 || s.args.size != len(long)+len("S3CR3T") {
		t.Errorf("%d values of %d bytes", len(s.args.values), s.args.size)
	}
}

// TestAboutArgs: what a recording tells of a call that failed is masked as the field that
// said it, in sessions too.
func TestAboutArgs(t *testing.T) {
	c := inside(dockerapi.Sealed)
	c.grpcMessage(1, "moby.buildkit.v1.SolveRequest", `{"FrontendAttrs":{"build-arg:API_TOKEN":"S3CR3T"}}`)
	for in, want := range map[string]string{
		"executor failed running [/bin/sh -c x]": "executor failed running [/bin/sh -c x]",
		"curl -u me:q at S3CR3T":                 "curl -u me:* at *",
	} {
		c.request(1, "/moby.buildkit.v1.Control/Solve")
		c.r.Event(&wire.Response{Meta: c.meta(1, wire.ToClient), Status: 200, Fields: []wire.Field{{Name: "content-type", Value: "application/grpc"}}})
		if got := stars(c.end(1, aboutWith("error", in)).About.Outcome.Error); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
