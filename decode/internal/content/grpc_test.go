package content

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/socktrace/socktrace/decode/internal/window"
	"github.com/socktrace/socktrace/internal/media"
	"github.com/socktrace/socktrace/protobuf"
)

// callOf returns what is known of a call by its path.
func callOf(path string, fromServer bool) Call {
	s := protobuf.Embedded()
	return Call{Schema: s, Method: MethodOf(s, path), FromServer: fromServer, Variant: GRPC}
}

// prefixed returns a message with its prefix.
func prefixed(flags byte, msg string) string {
	b := append([]byte{flags}, 0, 0, 0, 0)
	binary.BigEndian.PutUint32(b[1:], uint32(len(msg)))
	return string(b) + msg
}

// str returns a field that is a text.
func str(n protowire.Number, s string) string {
	return string(protowire.AppendString(protowire.AppendTag(nil, n, protowire.BytesType), s))
}

// num returns a field that is a number.
func num(n protowire.Number, v uint64) string {
	return string(protowire.AppendVarint(protowire.AppendTag(nil, n, protowire.VarintType), v))
}

func gzipped(s string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(s))
	z.Close()
	return b.String()
}

func zlibbed(s string) string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	z.Write([]byte(s))
	z.Close()
	return b.String()
}

func snapped(s string) string {
	var b bytes.Buffer
	z := snappy.NewBufferedWriter(&b)
	z.Write([]byte(s))
	z.Close()
	return b.String()
}

func zstded(s string) string {
	z, err := zstd.NewWriter(nil)
	if err != nil {
		panic(err)
	}
	return string(z.EncodeAll([]byte(s), nil))
}

// TestGRPC decodes bodies that are cut anywhere.
func TestGRPC(t *testing.T) {
	const health = "/grpc.health.v1.Health/Check"
	check := prefixed(0, str(1, "abc"))
	for _, c := range []struct {
		name   string
		call   Call
		change func(*Call, *Limits)
		body   string
		want   string
	}{
		{"a message", callOf(health, false), nil, check, `grpc 5 grpc.health.v1.HealthCheckRequest "{\"service\":\"abc\"}"`},
		{"its answer", callOf(health, true), nil, prefixed(0, num(1, 1)), `grpc 2 grpc.health.v1.HealthCheckResponse "{\"status\":\"SERVING\"}"`},
		{"empty ones", callOf(health, false), nil, prefixed(0, "") + prefixed(0, ""), `grpc 0 grpc.health.v1.HealthCheckRequest "{}"; grpc 0 grpc.health.v1.HealthCheckRequest "{}"`},
		{"several", callOf(health, false), nil, check + check, `grpc 5 grpc.health.v1.HealthCheckRequest "{\"service\":\"abc\"}"; grpc 5 grpc.health.v1.HealthCheckRequest "{\"service\":\"abc\"}"`},
		{"a method that is not known", callOf("/a.B/C", false), nil, check, `grpc 5 "{\"1:len\":\"abc\"}"`},
		{"compressed", callOf(health, false), func(c *Call, _ *Limits) { c.Coding = "gzip" }, prefixed(1, gzipped(str(1, "abc"))), `grpc 29 grpc.health.v1.HealthCheckRequest "{\"service\":\"abc\"}"`},
		{"compressed, and too long", callOf("/a.B/C", false), func(c *Call, l *Limits) { c.Coding, l.Message = "gzip", 40 }, prefixed(1, gzipped(str(1, strings.Repeat("a", 100)))), `grpc 29 "{\"1:len\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" of 66 cut`},
		{"compressed, and is not", callOf(health, false), func(c *Call, _ *Limits) { c.Coding = "gzip" }, prefixed(1, "abc"), `0 bad-coding gzip: the data end too early; grpc 3 "{\"!\":\"not decompressed\",\"!rest\":\"YWJj\"}"`},
		{"compressed, and nobody knows how", callOf(health, false), nil, prefixed(1, "abc") + prefixed(1, "d"), `0 bad-grpc a message is compressed, and grpc-encoding is not there; grpc 3 "{\"!\":\"not decompressed\",\"!rest\":\"YWJj\"}"; grpc 1 "{\"!\":\"not decompressed\",\"!rest\":\"ZA==\"}"`},
		{"compressed by zlib", callOf(health, false), func(c *Call, _ *Limits) { c.Coding = "deflate" }, prefixed(1, zlibbed(str(1, "abc"))), `grpc 17 grpc.health.v1.HealthCheckRequest "{\"service\":\"abc\"}"`},
		{"compressed by zstd", callOf(health, false), func(c *Call, _ *Limits) { c.Coding = "zstd" }, prefixed(1, zstded(str(1, "abc"))), `grpc 18 grpc.health.v1.HealthCheckRequest "{\"service\":\"abc\"}"`},
		{"compressed by snappy", callOf(health, false), func(c *Call, _ *Limits) { c.Coding = "Snappy" }, prefixed(1, snapped(str(1, "abc"))), `grpc 23 grpc.health.v1.HealthCheckRequest "{\"service\":\"abc\"}"`},
		{"compressed by snappy, and too long", callOf("/a.B/C", false), func(c *Call, l *Limits) { c.Coding, l.Message = "snappy", 30 }, prefixed(1, snapped(str(1, strings.Repeat("abcdefgh", 100)))), `grpc 74 "{}" cut`},
		{"compressed by several", callOf(health, false), func(c *Call, _ *Limits) { c.Coding = "gzip, gzip" }, prefixed(1, "a"), `0 bad-grpc a message is compressed, and grpc-encoding is gzip, gzip; grpc 1 "{\"!\":\"not decompressed\",\"!rest\":\"YQ==\"}"`},
		{"compressed by nothing", callOf(health, false), func(c *Call, _ *Limits) { c.Coding = "identity" }, prefixed(1, "a"), `0 bad-grpc a message is compressed, and grpc-encoding is identity; grpc 1 "{\"!\":\"not decompressed\",\"!rest\":\"YQ==\"}"`},
		{"compressed by what we have not", callOf(health, false), func(c *Call, _ *Limits) { c.Coding = "lz4" }, prefixed(1, "abc"), `0 bad-grpc a message is compressed, and grpc-encoding is lz4; grpc 3 "{\"!\":\"not decompressed\",\"!rest\":\"YWJj\"}"`},
		{"only sizes", callOf(health, false), func(_ *Call, l *Limits) { l.Message = 0 }, check + prefixed(0, "") + prefixed(1, "abc"), `grpc 5 grpc.health.v1.HealthCheckRequest cut; grpc 0 grpc.health.v1.HealthCheckRequest; 15 bad-grpc a message is compressed, and grpc-encoding is not there; grpc 3 cut`},
		{"too long", callOf("/a.B/C", false), func(_ *Call, l *Limits) { l.Message = 4 }, check + prefixed(0, str(1, "ab")), `grpc 5 "{\"1:len\":\"ab\",\"!\":\"truncated\"}" cut; grpc 4 "{\"1:len\":\"ab\"}"`},
		{"the body ends within a message", callOf("/a.B/C", false), nil, check[:8], `0 incomplete the body ended within a message: 2 bytes of it are missing; grpc 5 "{\"1:len\":\"a\",\"!\":\"truncated\"}" cut without 2`},
		{"within a length", callOf("/a.B/C", false), nil, check[:3], `0 incomplete the body ended before the length of a message; raw 3 "\x00\x00\x00" cut`},
		{"no prefix", callOf("/a.B/C", false), nil, check + "POST / HTTP/1.1", `grpc 5 "{\"1:len\":\"abc\"}"; 10 bad-grpc 50 4f 53 54 20; found binary ; raw 15 "POST / HTTP/1.1"`},
		{"trailers of gRPC-Web", callOf(health, true), func(c *Call, _ *Limits) { c.Variant = GRPCWeb }, prefixed(0x80, "grpc-status: 0\r\n"), `text 16 "grpc-status: 0\r\n"`},
		{"in base64", callOf(health, true), func(c *Call, _ *Limits) { c.Variant = GRPCWebText }, base64.StdEncoding.EncodeToString([]byte(prefixed(0, num(1, 1)) + prefixed(0x80, "grpc-status:0\r\n"))), `grpc 2 grpc.health.v1.HealthCheckResponse "{\"status\":\"SERVING\"}"; text 15 "grpc-status:0\r\n"`},
		{"which gRPC has not", callOf(health, true), nil, prefixed(0x80, "a"), `0 bad-grpc 80 00 00 00 01; found binary ; raw 6 "\x80\x00\x00\x00\x01a"`},
		{"the end of a stream of Connect", callOf(health, true), func(c *Call, _ *Limits) { c.Variant = Connect }, prefixed(2, "{}"), `json 2 "{}"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := limits
			if c.change != nil {
				c.change(&c.call, &l)
			}
			for _, pieces := range cuts(c.body) {
				if got := play(NewGRPC(c.call, l), Ended, pieces...); got != c.want {
					t.Fatalf("in %d pieces:\n got %s\nwant %s", len(pieces), got, c.want)
				}
			}
		})
	}
}

// TestLongMessages holds of long messages what is shown of them, wherever they are cut.
func TestLongMessages(t *testing.T) {
	const sync, read = "/moby.filesync.v1.FileSync/DiffCopy", "/containerd.services.content.v1.Content/Read"
	binary := strings.Repeat("\x00x", 2500)
	const elided = `{"size":5000,"begins":"AHgAeAB4`
	for _, c := range []struct {
		name, path, msg string
		most            int // bytes that are shown
		holds           int
		want            string
	}{
		{"a piece of a file", sync, num(1, 2) + num(3, 9) + str(4, binary), 1 << 20, lookAt, `{"type":"PACKET_DATA","ID":9,"data":{"size":5000,"begins":"AHgAeAB4`},
		{"the same, if less is shown", sync, num(1, 2) + str(4, binary), 100, lookAt, `{"type":"PACKET_DATA","data":{"size":5000,"begins":"AHgAeAB4`},
		{"a piece of a blob", read, str(2, binary), 1 << 20, lookAt, `{"data":` + elided},
		{"the same, if less is shown", read, str(2, binary), 100, 100, `{"data":` + elided},
		{"a document", read, str(2, `["`+strings.Repeat("a", 4996)+`"]`), 1 << 20, 5003, `{"data":["aaaa`},
		{"of which less is shown", read, str(2, `["`+strings.Repeat("a", 4996)+`"]`), 100, 100, `{"data":"WyJhYWFh`},
		{"text that nobody knows", "/a.B/C", str(2, strings.Repeat("a", 5000)), 1 << 20, 5003, `{"2:len":"aaaa`},
		{"more behind it", read, str(2, strings.Repeat("\x00", 4000)) + num(1, 1), 1 << 20, 4005, `{"data":{"size":4000,`},
	} {
		body := prefixed(0, c.msg) + prefixed(0, "")
		l := Limits{Message: c.most, Account: limits.Account}
		first := ""
		for cut := range len(body) {
			g := NewGRPC(callOf(c.path, true), l).(*grpc)
			r := &recorder{now: g}
			g.Write(r, window.Place{}, []byte(body[:cut]))
			held := len(g.buf)
			g.Write(r, window.Place{Off: int64(cut)}, []byte(body[cut:]))
			got := strings.Join(r.told, "; ") + strings.Join(r.pieces, "; ")
			if first == "" {
				first = got
			}
			if got != first || held > c.holds {
				t.Fatalf("%s, cut at %d: %d bytes are held\n got %.400s\nwant %.400s", c.name, cut, held, got, first)
			}
		}
		cutOff := c.most == 100 && strings.Contains(c.name, "of which")
		if strings.Contains(first, " cut") != cutOff {
			t.Errorf("%s: %.300s", c.name, first)
		}
		if !strings.Contains(first, c.want) {
			t.Errorf("%s: %.300s, want %s", c.name, first, c.want)
		}
	}
	// What never comes is missing, whatever it would be.
	if got := play(NewGRPC(callOf(sync, true), limits), Ended, prefixed(0, num(1, 2)+str(4, binary))[:4000]); !strings.Contains(got, "cut without 1010; 0 files, 0 others, 3990 bytes") || !strings.Contains(got, `size\":500`) {
		t.Error(got)
	}
}

// TestEnough: of a message that the other side did not want it is no fault that its end
// never comes.
func TestEnough(t *testing.T) {
	const want = `grpc 5 "{\"1:len\":\"a\",\"!\":\"truncated\"}" cut without 2`
	body := prefixed(0, str(1, "abc"))
	if got := play(NewGRPC(callOf("/a.B/C", false), limits), Enough, body[:8]); got != want {
		t.Errorf("within a message: %s", got)
	}
	if got := play(NewGRPC(callOf("/a.B/C", false), limits), Enough, body[:3]); got != `raw 3 "\x00\x00\x00" cut` {
		t.Errorf("within a length: %s", got)
	}
}

// TestLengthsThatLie holds nothing of what has not come, and no more than is shown.
func TestLengthsThatLie(t *testing.T) {
	g := NewGRPC(callOf("/a.B/C", false), limits).(*grpc)
	r := &recorder{now: g}
	g.Write(r, window.Place{}, []byte("\x00\xff\xff\xff\xff"))
	for i := range 100 {
		g.Write(r, window.Place{Off: int64(5 + i<<12)}, make([]byte, 1<<12))
	}
	if len(g.buf) > limits.Message || cap(g.buf) > 2*limits.Message || len(r.told) > 0 {
		t.Errorf("%d bytes are held, and %q is told", cap(g.buf), r.told)
	}
	g.Close(r, Broken)
	if got := strings.Join(r.told, "; "); !strings.Contains(got, "4294557695 bytes of it are missing") || !strings.Contains(got, "grpc 4294967295 ") || g.buf != nil {
		t.Error(got)
	}
}

// packets are those by which a folder is sent.
func packets() (body string) {
	stat := func(name string, mode, size uint64, link string) {
		s := str(1, name) + num(2, mode) + num(5, size)
		if link != "" {
			s += str(7, link)
		}
		body += prefixed(0, str(2, s))
	}
	stat("Dockerfile", 0o644, 120, "")
	stat("dir", 1<<31|0o755, 0, "")
	stat("dir/large", 0o600, 5000, "")
	stat("link", 1<<27|0o777, 0, "dir")
	stat("same", 0o644, 9000, "dir/large")
	body += prefixed(0, str(2, "")) + prefixed(0, num(1, 1)+num(3, 2))
	body += prefixed(0, num(1, 2)+num(3, 2)+str(4, strings.Repeat("x", 300)))
	body += prefixed(0, num(1, 2)+str(4, strings.Repeat("y", 257)))
	return body + prefixed(0, num(1, 2)) + prefixed(0, num(1, 3))
}

// TestTransfer adds up the files that BuildKit transfers; a Dockerfile can be read.
func TestTransfer(t *testing.T) {
	c := callOf("/moby.filesync.v1.FileSync/DiffCopy", true)
	c.Role = "build context"
	c.Wanted = func(path string) bool { return path == "Dockerfile" }
	const sum = `2 files, 3 others, 557 bytes of 5120, largest "dir/large" 5000`
	for _, l := range []Limits{limits, {Account: limits.Account}} {
		for _, pieces := range cuts(packets()) {
			r := &recorder{now: NewGRPC(c, l)}
			var off int64
			for _, p := range pieces {
				r.now.Write(r, window.Place{Off: off}, []byte(p))
				off += int64(len(p))
			}
			r.now.Close(r, Ended)
			if got := r.told[len(r.told)-1]; got != sum || len(r.told) != 12 {
				t.Fatalf("%s, and %d more; want %s", got, len(r.told), sum)
			}
			if data := strings.Join(r.pieces, "\n"); l.Message > 0 && (!strings.Contains(data, strings.Repeat("y", 257)) || strings.Contains(data, "xxx")) {
				t.Fatal(data)
			}
		}
	}
	c.Role = "dockerfile"
	const large = `{\"type\":\"PACKET_DATA\",\"ID\":2,\"data\":\"x`
	if got := play(NewGRPC(c, limits), Ended, packets()); strings.Contains(got, large) {
		t.Errorf("nobody asked for it: %s", got)
	}
	c.Wanted = func(path string) bool { return path == "dir/large" }
	if got := play(NewGRPC(c, limits), Ended, packets()); !strings.Contains(got, large) {
		t.Error(got)
	}
	if got := play(NewGRPC(callOf("/moby.upload.v1.Upload/Pull", true), limits), Ended, packets()); strings.Contains(got, "files") {
		t.Error(got)
	}
	// Where packets travel under another name, an empty one is a packet too.
	body := prefixed(0, str(2, str(1, "a"))) + prefixed(0, "") + prefixed(0, num(1, 1))
	if got := play(NewGRPC(callOf("/moby.filesync.v1.FileSend/DiffCopy", false), limits), Ended, body); strings.Count(got, " fsutil.types.Packet ") != 3 {
		t.Error(got)
	}
	if got := play(NewGRPC(c, limits), Ended, prefixed(0, num(1, 3))); strings.Contains(got, "files") {
		t.Error(got)
	}
}

// TestMessage decodes bodies that are one message.
func TestMessage(t *testing.T) {
	long := Limits{Message: 4, Account: limits.Account}
	for _, c := range []struct {
		path, body string
		limits     Limits
		want       string
	}{
		{"/grpc.health.v1.Health/Check", str(1, "abc"), limits, `grpc 5 grpc.health.v1.HealthCheckRequest "{\"service\":\"abc\"}"`},
		{"/v1/traces", str(1, ""), limits, `grpc 2 opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest "{\"resourceSpans\":[{}]}"`},
		{"/x", str(1, "abc"), limits, `grpc 5 "{\"1:len\":\"abc\"}"`},
		{"/x", "<html>", limits, `found binary ; 0 mislabelled it is no message of protocol buffers`},
		{"/x", str(1, "abc"), long, `grpc 5 "{\"1:len\":\"ab\",\"!\":\"truncated\"}" cut`},
		{"/x", str(1, "abc"), Limits{Account: limits.Account}, `grpc 5 cut`},
		{"/x", "", limits, ``},
	} {
		for _, pieces := range cuts(c.body) {
			if got := play(NewMessage(callOf(c.path, false), c.limits), Ended, pieces...); got != c.want && c.body != "" {
				t.Fatalf("%s:\n got %s\nwant %s", c.path, got, c.want)
			}
		}
	}
	if got := play(NewMessage(callOf("/x", false), limits), Ended); got != "" {
		t.Error(got)
	}
}

// TestVariantOf tells types of bodies in protocol buffers from others.
func TestVariantOf(t *testing.T) {
	for name, want := range map[string]Variant{
		"application/grpc": GRPC, "application/grpc+proto": GRPC, "application/grpc+json": NoMessages, "application/grpc-web": GRPCWeb,
		"application/grpc-web+proto": GRPCWeb, "application/grpc-web-text": GRPCWebText, "application/grpc-web-text+proto": GRPCWebText,
		"application/grpc-web-text+json": NoMessages, "application/connect+proto": Connect, "application/connect+json": NoMessages, "application/connect": NoMessages,
		"application/proto": OneMessage, "application/x-protobuf": OneMessage, "application/protobuf": OneMessage, "application/json": NoMessages, "": NoMessages, "text/grpc": NoMessages,
	} {
		if got := VariantOf(media.Type{Media: name}); got != want {
			t.Errorf("%s: %d, want %d", name, got, want)
		}
	}
}

// TestMethodOf finds methods in targets of requests.
func TestMethodOf(t *testing.T) {
	for target, want := range map[string]string{
		"/grpc.health.v1.Health/Check":            "grpc.health.v1.Health/Check",
		"/api/x/grpc.health.v1.Health/Check?a=/b": "grpc.health.v1.Health/Check",
		"/v1/logs":                      "opentelemetry.proto.collector.logs.v1.LogsService/Export",
		"/v1/traces?x":                  "opentelemetry.proto.collector.trace.v1.TraceService/Export",
		"/v1/metrics":                   "opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
		"/v1/other":                     "",
		"/a/v1/logs":                    "",
		"grpc.health.v1.Health/Check":   "grpc.health.v1.Health/Check",
		"/grpc.health.v1.Health/Check/": "",
		"/Check":                        "",
		"/x/Check":                      "",
		"":                              "",
		"*":                             "",
		"host:80/":                      "",
		"a/b/c":                         "",
	} {
		if got := MethodOf(protobuf.Embedded(), target).Name; got != want {
			t.Errorf("%s: %q, want %q", target, got, want)
		}
	}
}

// FuzzGRPC decodes any body, cut once, as it does in one piece.
func FuzzGRPC(f *testing.F) {
	f.Add("/grpc.health.v1.Health/Check", byte(0), prefixed(0, str(1, "abc")), uint(3))
	f.Add("/moby.filesync.v1.FileSync/DiffCopy", byte(0), packets(), uint(70))
	f.Add("/x", byte(1), prefixed(1, gzipped(str(1, "abc"))), uint(9))
	f.Add("/x", byte(2), prefixed(0x80, "grpc-status: 0\r\n"), uint(9))
	f.Add("/x", byte(3), prefixed(2, "{}"), uint(1))
	f.Fuzz(func(t *testing.T, path string, variant byte, body string, cut uint) {
		if len(body) > 4<<10 {
			return
		}
		c := callOf(path, cut&1 == 0)
		c.Variant = []Variant{GRPC, GRPC, GRPCWeb, Connect}[variant&3]
		c.Coding = "gzip"
		n := int(cut % uint(len(body)+1))
		whole := play(NewGRPC(c, limits), Ended, body)
		if got := play(NewGRPC(c, limits), Ended, body[:n], body[n:]); n > 0 && n < len(body) && got != whole {
			t.Errorf("cut at %d:\n%s\nwhole:\n%s", n, got, whole)
		}
	})
}
