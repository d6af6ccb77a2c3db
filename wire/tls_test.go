package wire

import "testing"

// TestClientHolder says who the client is, by its first certificate.
func TestClientHolder(t *testing.T) {
	for want, ev := range map[string]*TLS{
		"CN=alice":  {Client: []Certificate{{Subject: "CN=alice", Names: []string{"a.example"}}, {Subject: "CN=ca"}}},
		"a.example": {Peer: "client", Client: []Certificate{{Names: []string{"a.example", "b.example"}}}},
		"":          {Peer: "server", Client: []Certificate{{Subject: "CN=socktrace"}}},
	} {
		if got := ev.ClientHolder(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := new(TLS).ClientHolder() + (&TLS{Client: []Certificate{{}}}).ClientHolder(); got != "" {
		t.Errorf("got %q", got)
	}
}
