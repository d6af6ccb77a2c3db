package render

import (
	"strconv"
	"time"

	"github.com/socktrace/socktrace/wire"
)

// maxSaid bounds of how many handshakes is remembered what was said of them.
const maxSaid = 64

// handshake tells what TLS agreed on, and who showed which certificate:
//
//	12      * TLS 1.3 16:04:05.123 with the daemon  CN=dockerd until 2027-01-31  as CN=client  http/1.1
//
// In short it does so once: connections after it most often agree on the same.
func (t *text) handshake(ev *wire.TLS) {
	if t.short() {
		begin := len(t.out)
		t.mark(&ev.Meta, '*', roleNote)
		from := len(t.line)
		t.version(ev)
		t.agreed(ev)
		said := string(t.line[from:])
		if t.said[said] {
			t.out, t.line = t.out[:begin], t.line[:0]
			return
		}
		if t.said == nil || len(t.said) >= maxSaid {
			t.said = make(map[string]bool)
		}
		t.said[said] = true
		t.end()
		return
	}
	t.mark(&ev.Meta, '*', roleNote)
	t.version(ev)
	if !ev.End.IsZero() {
		t.own(roleTime, " "+ev.End.In(t.o.zone()).Format(clock))
	}
	t.agreed(ev)
	for _, part := range [...]struct{ label, says string }{{"", ev.Cipher}, {"asks for ", ev.ServerName}} {
		if part.says != "" {
			t.own(roleFaint, "  "+part.label)
			t.text(roleFaint, part.says)
		}
	}
	if ev.Resumed {
		t.own(roleFaint, "  resumed")
	}
	t.end()
}

// version adds which version of TLS it is.
func (t *text) version(ev *wire.TLS) {
	if ev.Version == "" {
		t.own(roleNote, "TLS")
		return
	}
	t.text(roleNote, ev.Version)
}

// agreed adds with whom, the certificates, and the protocol.
func (t *text) agreed(ev *wire.TLS) {
	at := ev.End
	switch ev.Peer {
	case "client":
		t.own(roleFaint, " with the client  ")
		if len(ev.Client) == 0 {
			t.own(roleFaint, "no certificate")
		}
		t.certificate(ev.Client, at)
		if len(ev.Server) > 0 {
			t.own(roleFaint, "  as ")
			t.certificate(ev.Server, at)
		}
	case "server":
		t.own(roleFaint, " with the daemon  ")
		t.certificate(ev.Server, at)
		if len(ev.Client) > 0 {
			t.own(roleFaint, "  as ")
			t.certificate(ev.Client, at)
		}
	default:
		if len(ev.Client) > 0 {
			t.own(roleFaint, "  client ")
			t.certificate(ev.Client, at)
		}
		if len(ev.Server) > 0 {
			t.own(roleFaint, "  server ")
			t.certificate(ev.Server, at)
		}
	}
	if ev.Protocol != "" {
		t.own(plain, "  ")
		t.text(roleFaint, ev.Protocol)
	}
	if ev.Opaque != "" {
		t.own(plain, "  ")
		t.text(roleAnomaly, ev.Opaque)
	}
}

// certificate adds whose the first of some certificates is, and until when.
func (t *text) certificate(all []wire.Certificate, at time.Time) {
	if len(all) == 0 {
		return
	}
	c := &all[0]
	t.text(plain, clipped(c.Holder(), t.colors))
	switch left := c.NotAfter.Sub(at); {
	case c.NotAfter.IsZero() || at.IsZero():
	case at.Before(c.NotBefore):
		t.own(roleAnomaly, " not valid before "+c.NotBefore.In(t.o.zone()).Format(time.DateOnly))
	case left < 0:
		t.own(roleAnomaly, " expired on "+c.NotAfter.In(t.o.zone()).Format(time.DateOnly))
	case left < soonOf(c):
		t.own(roleAnomaly, " expires in "+strconv.Itoa(int(left/(24*time.Hour)))+" days")
	default:
		t.own(roleFaint, " until "+c.NotAfter.In(t.o.zone()).Format(time.DateOnly))
	}
}

// soonOf is how long before its end a certificate is said to expire soon: two weeks, or
// less if it lasts for less than two months.
func soonOf(c *wire.Certificate) time.Duration {
	return min(14*24*time.Hour, c.NotAfter.Sub(c.NotBefore)/4)
}
