package wire

import "testing"

// TestClone: of a message, the data is copied; other events are as they were.
func TestClone(t *testing.T) {
	data := []byte("data")
	m := &Message{Kind: KindText, Index: 3, Data: data, Size: 4}
	c := Clone(m).(*Message)
	data[0], m.Index = 'x', 4
	if string(c.Data) != "data" || c.Index != 3 || c.Size != 4 {
		t.Errorf("got %+v", c)
	}
	e := &EOF{}
	if Clone(e) != Event(e) || e.EventMeta() != &e.Meta {
		t.Error("an event without data is another")
	}
}

// TestDataBytesOf adds up what each event holds.
func TestDataBytesOf(t *testing.T) {
	fields := []Field{{Name: "ab", Value: "cde"}, {Name: "f", Value: "g", Line: "f: g"}}
	const held = 2*perField + 5 + 4
	body := func(n int) *Body { return &Body{Data: make([]byte, n), Trailer: fields} }
	for _, tt := range []struct {
		ev   Event
		want int
	}{
		{&Message{Data: make([]byte, 7)}, 7},
		{body(11), 11 + held},
		{&Request{Target: "/abc", Fields: fields}, 4 + held},
		{&Response{Reason: "OK", Fields: fields}, 2 + held},
		{&Anomaly{Detail: "what"}, 4},
		{&TLS{ServerName: "h", Client: []Certificate{{Subject: "CN=a", Issuer: "CN=b"}}, Server: []Certificate{{Names: []string{"x", "yz"}, Fingerprint: "f"}}}, 1 + 2*perField + 8 + 4},
		{&Open{}, 0}, {&EOF{}, 0}, {&Close{}, 0}, {&Dropped{Bytes: 9}, 0}, {&Upgrade{}, 0}, {&End{}, 0},
		{&Exchange{}, 0},
		{&Exchange{RequestBody: &Body{Data: make([]byte, 3)}}, 3},
		{&Exchange{ResponseBody: &Body{Data: make([]byte, 5)}}, 5},
		{&Exchange{RequestBody: &Body{Data: make([]byte, 3)}, ResponseBody: &Body{Data: make([]byte, 5)}}, 8},
	} {
		if got := DataBytes(tt.ev); got != tt.want {
			t.Errorf("%T: %d bytes, want %d", tt.ev, got, tt.want)
		}
	}
	if perField != 64 {
		t.Errorf("a field holds %d bytes beside its text", perField)
	}
}

// TestHeldBytes counts every part of an exchange once, and those that it has not, not.
func TestHeldBytes(t *testing.T) {
	trailer := []Field{{Name: "a", Value: "b"}}
	const field = perField + 2
	for _, tt := range []struct {
		x    Exchange
		want int
	}{
		{Exchange{}, 0},
		{Exchange{Request: &Request{Target: "/abc"}}, 4},
		{Exchange{Response: &Response{Reason: "OK"}}, 2},
		{Exchange{Interim: []*Response{{Reason: "Continue"}, {Reason: "x"}}}, 9},
		{Exchange{Anomalies: []*Anomaly{{Detail: "what"}, {Detail: "z"}}}, 5},
		{Exchange{RequestBody: &Body{Data: make([]byte, 3), Trailer: trailer}}, 3 + field},
		{Exchange{ResponseBody: &Body{Data: make([]byte, 5), Trailer: trailer}}, 5 + field},
		{Exchange{Subject: Subject{Type: "container", ID: "1", Name: "22", Container: "333"}, Outcome: Outcome{Error: "4444"}}, 10},
		{Exchange{Details: []Detail{{Name: "a", Value: "bc"}, {}}}, 3 + 2*perField},
		{Exchange{Request: &Request{Target: "/"}, Response: &Response{Reason: "OK"}, RequestBody: &Body{Trailer: trailer}, ResponseBody: &Body{Trailer: trailer}}, 3 + 2*field},
	} {
		if got := HeldBytes(&tt.x); got != tt.want {
			t.Errorf("%+v: %d bytes, want %d", tt.x, got, tt.want)
		}
	}
}
