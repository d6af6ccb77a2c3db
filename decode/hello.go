package decode

import (
	"github.com/socktrace/socktrace/decode/internal/anomaly"
	"github.com/socktrace/socktrace/decode/internal/content"
	"github.com/socktrace/socktrace/decode/internal/http1"
	"github.com/socktrace/socktrace/decode/internal/tls"
	"github.com/socktrace/socktrace/wire"
)

// secures finds out whether the connection is one of TLS: the client says so, and the
// server answers so, or not at all. It reports whether it is clear that it is, or that more
// will tell.
func (d *Conn) secures() (done, waits bool) {
	client, server := &d.windows[wire.ToServer], &d.windows[wire.ToClient]
	if d.within {
		return false, false
	}
	over := client.Ended() || server.Ended() || client.Len()+server.Len() > maxUnknown
	if client.Len() == 0 { // what it has said was not captured
		is := tls.Recognize(server.Bytes())
		if done = server.Len() > 0 && is == tls.Server; done {
			d.speaksTLS()
		}
		return done, server.Len() > 0 && is == tls.TooFew && !over
	}
	switch tls.Recognize(client.Bytes()) {
	case tls.No:
		return false, false
	case tls.TooFew:
		return false, !over
	}
	if tls.Malformed(client.Bytes()) {
		return false, false
	}
	if server.Len() == 0 {
		if !over {
			return false, true
		}
		d.speaksTLS()
		return true, false
	}
	answer := tls.Answers(server.Bytes())
	plain := http1.Looks(wire.ToClient, server.Bytes())
	switch {
	case plain == content.Yes:
		d.env.Anomaly(client, wire.ToServer, 0, client.Off(), anomaly.Fault{Code: anomaly.BadTLS, Detail: "the client speaks TLS, and the server plain HTTP"})
		d.speaksHTTP1()
	case (answer == tls.TooFew || plain == content.TooFew) && !over:
		return false, true
	case answer == tls.Server:
		d.speaksTLS()
	default:
		return false, false
	}
	return true, false
}

// looksTLS is Looks for TLS; ok is false if b is none.
func looksTLS(dir wire.Dir, b []byte) (looks content.Looks, ok bool) {
	if len(b) == 0 {
		return content.No, false
	}
	is, want := tls.Recognize(b), tls.Client
	if dir == wire.ToClient {
		is, want = tls.Answers(b), tls.Server
	}
	switch is {
	case want:
		return content.Yes, true
	case tls.TooFew:
		return content.TooFew, true
	}
	return content.No, false
}
