package websocket

import (
	"net/http"
	"testing"
)

// TestAccept is the example of RFC 6455, section 1.3.
func TestAccept(t *testing.T) {
	if got := Accept("dGhlIHNhbXBsZSBub25jZQ=="); got != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" {
		t.Errorf("got %s", got)
	}
}

// TestOffer says what is wrong with a handshake.
func TestOffer(t *testing.T) {
	for _, c := range []struct{ method, upgrade, connection, key, version, want string }{
		{"GET", "websocket", "Upgrade", "dGhlIHNhbXBsZSBub25jZQ==", "13", ""},
		{"GET", "h2c, WebSocket", "keep-alive, upgrade", "dGhlIHNhbXBsZSBub25jZQ==", "13", ""},
		{"POST", "websocket", "Upgrade", "dGhlIHNhbXBsZSBub25jZQ==", "13", "a WebSocket is asked for with GET"},
		{"GET", "websocket", "close", "dGhlIHNhbXBsZSBub25jZQ==", "13", "no upgrade in Connection"},
		{"GET", "websocket", "Upgrade", "", "13", "Sec-WebSocket-Key is not 16 bytes in base64"},
		{"GET", "websocket", "Upgrade", "dGhlIHNhbXBsZQ==", "13", "Sec-WebSocket-Key is not 16 bytes in base64"},
		{"GET", "websocket", "Upgrade", "dGhlIHNhbXBsZSBub25jZQ==", "8", "Sec-WebSocket-Version is not 13"},
	} {
		h := http.Header{}
		for name, value := range map[string]string{"Upgrade": c.upgrade, "Connection": c.connection, "Sec-WebSocket-Key": c.key, "Sec-WebSocket-Version": c.version} {
			h.Set(name, value)
		}
		got := ""
		if err := CheckOffer(c.method, h); err != nil {
			got = err.Error()
		}
		if !IsOffered(h) || got != c.want {
			t.Errorf("%+v: %t, %q", c, IsOffered(h), got)
		}
	}
	h := http.Header{"Upgrade": {"tcp"}, "Sec-Websocket-Protocol": {"a, b", "c"}}
	if IsOffered(h) || !Offers(h, "b") || !Offers(h, "c") || Offers(h, "a, b") || Offers(h, "") {
		t.Error("what is offered")
	}
}
