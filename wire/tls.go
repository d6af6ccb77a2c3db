package wire

import "time"

// TLS tells what a handshake of TLS agreed on (RFC 8446; RFC 5246 before it). It is of
// a connection, and of no exchange. A captured connection has one: when its handshake
// is over, or as far as that was seen. A connection on which socktrace itself ends TLS
// has one for each side that speaks it, directly behind Open; what follows is what was
// inside.
type TLS struct {
	Meta
	// Peer says with which end socktrace shook hands, if it did: "client" or "server",
	// which is the daemon. Empty: the two did so with each other.
	Peer       string
	Version    string   // such as "TLS 1.3"; empty if it was not seen
	Cipher     string   // the suite as IANA names it, such as "TLS_AES_128_GCM_SHA256"
	ServerName string   // that the client asked for (RFC 6066, section 3)
	Offered    []string // the protocols that the client named (RFC 7301), in its order
	Protocol   string   // that the server chose of them, such as "h2"; empty if none
	Resumed    bool     // it goes on with what an earlier handshake agreed on
	// Client and Server are the certificates that each end showed, its own first; nil
	// if it showed none, or they were not seen, as in TLS 1.3 without its keys.
	Client, Server []Certificate
	// Opaque says why what follows cannot be read, such as "its keys are not in the
	// key log"; empty if it can.
	Opaque string
}

// Certificate is one of X.509 (RFC 5280), as far as it says who somebody is.
type Certificate struct {
	Subject string   // a distinguished name as RFC 4514 writes it, such as "CN=client"
	Issuer  string   // the same
	Names   []string // alternative names of the subject: hosts, addresses, URIs, in its order
	// NotBefore and NotAfter are the ends of the time in which it is valid.
	NotBefore, NotAfter time.Time
	Fingerprint         string // "sha256:…" of all of it (DER)
}

// Holder returns who it says somebody is, in short: its subject, or the first of the
// other names.
func (c *Certificate) Holder() string {
	if c.Subject == "" && len(c.Names) > 0 {
		return c.Names[0]
	}
	return c.Subject
}

// ClientHolder returns who the client of the handshake is by its certificate; empty if it
// has shown none, or if the handshake is not with the client.
func (t *TLS) ClientHolder() string {
	if len(t.Client) == 0 || t.Peer == "server" {
		return ""
	}
	return t.Client[0].Holder()
}
