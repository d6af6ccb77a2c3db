package wire

import (
	"testing"
	"time"
)

// TestGRPC: what a call says of itself.
func TestGRPC(t *testing.T) {
	call := func(typ string, head, trailer []Field) *Exchange {
		return &Exchange{
			Request:      &Request{Stream: 3, Target: "/a.B/C", Fields: []Field{{Name: "content-type", Value: typ}}},
			Response:     &Response{Fields: head},
			ResponseBody: &Body{Trailer: trailer},
			Messages:     [2]int64{1, 2},
		}
	}
	status := func(code, message string) []Field {
		return []Field{{Name: "grpc-status", Value: code}, {Name: "grpc-message", Value: message}}
	}
	for _, c := range []struct {
		name            string
		x               *Exchange
		status, message string
		is              bool
	}{
		{"ok", call("application/grpc", nil, status("0", "")), "OK", "", true},
		{"fails", call("application/grpc+proto", nil, status("5", "no%20such 100% %zz%2")), "NotFound", "no such 100% %zz%2", true},
		{"only trailers", call("application/grpc;charset=x", status("16", "who"), nil), "Unauthenticated", "who", true},
		{"both", call("application/grpc", status("1", "head"), status("2", "tail")), "Unknown", "tail", true},
		{"unknown code", call("application/grpc", nil, status("17", "")), "17", "", true},
		{"no number", call("application/grpc", nil, status("-1", "")), "-1", "", true},
		{"open", call("application/grpc", nil, nil), "", "", true},
		{"web", call("application/grpc-web", nil, nil), "", "", false},
		{"other", call("application/json", nil, status("0", "")), "", "", false},
		{"HTTP/1", func() *Exchange { x := call("application/grpc", nil, nil); x.Request.Stream = 0; return x }(), "", "", false},
		{"no request", &Exchange{}, "", "", false},
	} {
		g, is := c.x.GRPC()
		want := GRPC{}
		if c.is {
			want = GRPC{Method: "a.B/C", Status: c.status, Message: c.message, Messages: [2]int64{1, 2}}
		}
		if is != c.is || g != want {
			t.Errorf("%s: got %+v, %t, want %+v, %t", c.name, g, is, want, c.is)
		}
	}
	if g, _ := call("application/grpc", nil, append(status("2", ""), Field{Name: StatusDetails, Value: "CAI"})).GRPC(); g.Details != "CAI" {
		t.Errorf("the details are %q", g.Details)
	}
	if g, _ := (&Exchange{Request: call("application/grpc", nil, nil).Request}).GRPC(); g.Status != "" {
		t.Errorf("without an answer: %+v", g)
	}
}

// TestMessage: what is encoded reads as it was, and nothing else is changed by that.
func TestMessage(t *testing.T) {
	for plain, encoded := range map[string]string{"": "", "a ~!": "a ~!", "100%": "100%25", "ü\n\x7f": "%C3%BC%0A%7F"} {
		if got := EncodeMessage(plain); got != encoded {
			t.Errorf("%q: got %s, want %s", plain, got, encoded)
		}
		if got := DecodeMessage(encoded); got != plain {
			t.Errorf("%s: got %q, want %q", encoded, got, plain)
		}
	}
}

// TestTimeout: a call says how long its client waits for it.
func TestTimeout(t *testing.T) {
	for value, want := range map[string]time.Duration{
		"10S": 10 * time.Second, "2H": 2 * time.Hour, "3M": 3 * time.Minute, "100m": 100 * time.Millisecond, "7u": 7 * time.Microsecond,
		"8n": 8, "99999999H": 1<<63 - 1, "2562047H": 2562047 * time.Hour, "2562048H": 1<<63 - 1, "12345678S": 12345678 * time.Second,
		"": 0, "S": 0, "10": 0, "10s": 0, "-1S": 0, "+1S": 0, "1.5S": 0, "123456789S": 0, "0S": 0, " 1S": 0,
	} {
		x := &Exchange{Request: &Request{Stream: 1, Fields: []Field{{Name: "content-type", Value: "application/grpc"}, {Name: "grpc-timeout", Value: value}}}}
		if g, _ := x.GRPC(); g.Timeout != want {
			t.Errorf("%q: got %v, want %v", value, g.Timeout, want)
		}
	}
}

// TestOverdue: who gives a call up when its time is over does not just leave.
func TestOverdue(t *testing.T) {
	start := time.Unix(1, 0)
	x := &Exchange{Meta: Meta{Start: start, End: start.Add(95 * time.Millisecond)}}
	in := GRPC{Timeout: 100 * time.Millisecond}
	reset := func(dir Dir, code uint32) *Reset { return &Reset{Dir: dir, Code: code} }
	for _, c := range []struct {
		name  string
		reset *Reset
		end   time.Duration
		g     GRPC
		want  bool
	}{
		{"just in time", reset(ToServer, 8), 95 * time.Millisecond, in, true},
		{"too early", reset(ToServer, 8), 94 * time.Millisecond, in, false},
		{"late", reset(ToServer, 8), time.Second, in, true},
		{"by the server", reset(ToClient, 8), time.Second, in, false},
		{"for another reason", reset(ToServer, 2), time.Second, in, false},
		{"with a status", reset(ToServer, 8), time.Second, GRPC{Timeout: in.Timeout, Status: "OK"}, false},
		{"without a time", reset(ToServer, 8), time.Second, GRPC{}, false},
		{"to its end", nil, time.Second, in, false},
	} {
		x.Reset, x.End = c.reset, start.Add(c.end)
		if got := c.g.Overdue(x); got != c.want {
			t.Errorf("%s: got %t", c.name, got)
		}
	}
}
