package redact

import (
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/redact/internal/masktest"
	"github.com/socktrace/socktrace/wire"
)

// told returns s with "*" for what all of a secret was masked with, and "~" for a piece.
func told(s string) string {
	for _, placeholder := range append(masktest.Placeholder.FindAllString(s, -1), masktest.Encoded.FindAllString(s, -1)...) {
		short := "~"
		if strings.Contains(placeholder, "#") || strings.Contains(placeholder, "%23") {
			short = "*"
		}
		s = strings.Replace(s, placeholder, short, 1)
	}
	return s
}

// TestLabels: what was masked goes by the side that sent it, and by where it stood; and
// whether that was all of it is told.
func TestLabels(t *testing.T) {
	const form = "ghp_QQQQQQQQQQQQQQ"
	message := func(kind wire.Kind, name, data string) *wire.Message {
		return &wire.Message{Kind: kind, Name: name, Data: []byte(data), Opcode: wire.OpText, Size: int64(len(data))}
	}
	body := func(kind wire.Kind, data string, bytes int, complete, truncated bool) *wire.Body {
		return &wire.Body{Content: kind, Data: []byte(data), Bytes: int64(bytes), Complete: complete, Truncated: truncated}
	}
	for _, dir := range []wire.Dir{wire.ToServer, wire.ToClient} {
		for _, c := range []struct {
			ev    wire.Event
			want  string
			names string // behind the side
		}{
			{message(wire.KindRaw, "", "X-Api-Key: QQ\n"), "X-Api-Key: *\n", ".raw.X-Api-Key"},
			{message(wire.KindText, "", "token=QQ x"), "token=* x", ".body.token"},
			{message(wire.KindText, "password", "QQ"), "~", ".body.password"},
			{message(wire.KindJSON, "password", `{"a":"b"}`), `"*"`, ".body.password"},
			{message(wire.KindJSON, "a", `{"a":"b","token":"QQ"}`), `{"a":"b","token":"*"}`, ".body.token"},
			{message(wire.KindJSON, "", `{"token":"QQ"}`), `{"token":"*"}`, ".body.token"},
			{message(wire.KindStdin, "", "x"), "~", ".stdin"},
			{message(wire.KindStdout, "", form+" "), "ghp_* ", ".stdout"},
			{message(wire.KindStdout, "password", form+" "), "ghp_* ", ".stdout"},
			{message(wire.KindCount, "", form+" "), "ghp_* ", ".unknown"},
			{message(wire.KindCount+1, "", form+" "), "ghp_* ", ".unknown"},
			{message(wire.KindWebSocket, "", `{"token":"QQ"}`), `{"token":"*"}`, ".websocket.token"},
			{message(wire.KindWebSocket, "", "token=QQ x"), "token=* x", ".websocket.token"},
			{body(wire.KindText, "token=QQ x", 10, true, false), "token=* x", ".body.token"},
			{body(wire.KindText, "token=QQ", 8, true, false), "token=*", ".body.token"},
			{body(wire.KindText, "token=QQ", 8, true, true), "token=~", ".body.token"},
			{body(wire.KindText, "token=QQ", 8, false, false), "token=~", ".body.token"},
			{body(wire.KindText, "token=QQ", 9, true, false), "token=*", ".body.token"},
			{body(wire.KindBinary, "token=QQ", 8, true, false), "token=*", ".body.token"},
			{body(wire.KindBinary, "token=QQ", 9, true, false), "token=~", ".body.token"},
			{body(wire.KindJSON, `{"token":"QQ"}`, 14, true, false), `{"token":"*"}`, ".body.token"},
			{&wire.Body{Content: wire.KindText, Trailer: []wire.Field{headerField("X-Token: QQ")}}, "", ".trailers.X-Token"},
			{&wire.Anomaly{Detail: `"X-Api-Key: QQ"`}, `"X-Api-Key: *"`, ".headers.X-Api-Key"},
			{&wire.Anomaly{Detail: `a "X-Api-Key: QQ" b`}, `a "X-Api-Key: *" b`, ".headers.X-Api-Key"},
			{&wire.Anomaly{Detail: `"X-Api-Key QQ"`}, `"X-Api-Key *"`, ".headers.X-Api-Key"},
			{&wire.Anomaly{Detail: `"X-Api-Key : QQ \t"`}, `"X-Api-Key : *"`, ".headers.X-Api-Key"},
			{&wire.Anomaly{Detail: `"GET /?a=b: X-Api-Key: QQ"`}, `"GET /?a=b: X-Api-Key: *"`, ".headers.X-Api-Key"},
			{&wire.Anomaly{Detail: `" QQ"`}, `"~"`, ".headers"},
			{&wire.Anomaly{Detail: `bad "POST /x?token=QQ HTTP/1.1"`}, `bad "POST /x?token=* HTTP/1.1"`, ".query.token"},
			{&wire.Anomaly{Detail: `bad "a /x?token=QQ /y?pin=QQ&session=QQ"`}, `bad "a /x?token=* /y?pin=*&session=*"`, ".query.token .query.pin .query.session"},
			{&wire.Anomaly{Detail: `a "` + form + `" b`}, `a "ghp_*" b`, ""},
			{&wire.Anomaly{Detail: "x " + form}, "x ghp_*", ""},
			{&wire.Anomaly{Detail: `"Cookie;QQ"`}, `"Cookie;QQ"`, "-"},
			{&wire.Response{Reason: "a " + form}, "a ghp_*", ".reason"},
		} {
			conv := newConv()
			meta := conv.meta(1, dir)
			conv.r.Event(&wire.Request{Meta: conv.meta(1, wire.ToServer), Method: "GET", Target: "/x"})
			got := ""
			switch ev := c.ev.(type) {
			case *wire.Message:
				ev.Meta = meta
				got = string(conv.r.Event(ev).(*wire.Message).Data)
			case *wire.Body:
				ev.Meta = meta
				masked := conv.r.Event(ev).(*wire.Body)
				if got = string(masked.Data); masked.Truncated != ev.Truncated {
					t.Errorf("%s of the %s is cut: %t", ev.Data, side(dir), masked.Truncated)
				}
			case *wire.Anomaly:
				ev.Meta = meta
				got = conv.r.Event(ev).(*wire.Anomaly).Detail
			case *wire.Response:
				ev.Meta = conv.meta(1, wire.ToClient)
				got = conv.r.Event(ev).(*wire.Response).Reason
			}
			if told(got) != c.want {
				t.Errorf("%T of the %s: got %s, want %s", c.ev, side(dir), told(got), c.want)
			}
			var want []string
			for _, name := range strings.Split(c.names, " ") {
				switch name {
				case "-":
				case ".reason":
					want = append(want, "response.reason")
				default:
					want = append(want, side(dir)+name)
				}
			}
			if end := conv.r.Event(&wire.End{Meta: meta}).(*wire.End); !slices.Equal(end.Masked, want) {
				t.Errorf("%T of the %s: named %q, want %q", c.ev, side(dir), end.Masked, want)
			}
		}
	}
}

// TestListens: what a client says before its requests are known tells of what follows;
// what a server says, or what is of an exchange, does not.
func TestListens(t *testing.T) {
	for _, c := range []struct {
		exchange int
		dir      wire.Dir
		kind     wire.Kind
		hides    bool
	}{{0, wire.ToServer, wire.KindRaw, true}, {0, wire.ToClient, wire.KindRaw, false}, {1, wire.ToServer, wire.KindRaw, false}, {0, wire.ToServer, wire.KindText, false}} {
		conv := newConv()
		conv.message(c.exchange, c.dir, c.kind, "POST /auth HTTP/1.1\r\n")
		got := conv.message(0, wire.ToServer, wire.KindRaw, "something said\r\n")
		if hidden := !strings.Contains(string(got.Data), "said"); hidden != c.hides {
			t.Errorf("%+v: then %q", c, got.Data)
		}
	}
}
