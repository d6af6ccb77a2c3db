package wire

import "testing"

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
	if g, _ := (&Exchange{Request: call("application/grpc", nil, nil).Request}).GRPC(); g.Status != "" {
		t.Errorf("without an answer: %+v", g)
	}
}
