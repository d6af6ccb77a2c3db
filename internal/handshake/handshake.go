// Package handshake writes and reads, as JSON, what a handshake of TLS has agreed on: in
// JSON lines, in HAR files and in captures it is the same.
package handshake

import (
	"time"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/wire"
)

// Write writes what a handshake of TLS agreed on, as members of the object in w.
func Write(w *jsontext.Writer, ev *wire.TLS) {
	w.Optional("peer", ev.Peer)
	w.Optional("version", ev.Version)
	w.Optional("cipher", ev.Cipher)
	w.Optional("server_name", ev.ServerName)
	w.Strings("offered", ev.Offered)
	w.Optional("protocol", ev.Protocol)
	w.Flag("resumed", ev.Resumed)
	writeCertificates(w, "client_certificates", ev.Client)
	writeCertificates(w, "server_certificates", ev.Server)
	w.Optional("opaque", ev.Opaque)
}

func writeCertificates(w *jsontext.Writer, key string, all []wire.Certificate) {
	if len(all) == 0 {
		return
	}
	w.Open(key, '[')
	for i := range all {
		c := &all[i]
		w.Open("", '{')
		w.Optional("subject", c.Subject)
		w.Optional("issuer", c.Issuer)
		w.Strings("names", c.Names)
		writeMoment(w, "not_before", c.NotBefore)
		writeMoment(w, "not_after", c.NotAfter)
		w.Optional("fingerprint", c.Fingerprint)
		w.Close('}')
	}
	w.Close(']')
}

// moments is how times are written: always with nine decimals, so that they sort.
const moments = "2006-01-02T15:04:05.000000000Z"

func writeMoment(w *jsontext.Writer, key string, t time.Time) {
	if !t.IsZero() {
		w.Word(key, t.UTC().Format(moments))
	}
}

// Note is what Write has written, for encoding/json.
type Note struct {
	Peer       string            `json:"peer"`
	Version    string            `json:"version"`
	Cipher     string            `json:"cipher"`
	ServerName string            `json:"server_name"`
	Offered    []string          `json:"offered"`
	Protocol   string            `json:"protocol"`
	Resumed    bool              `json:"resumed"`
	Client     []CertificateNote `json:"client_certificates"`
	Server     []CertificateNote `json:"server_certificates"`
	Opaque     string            `json:"opaque"`
}

// CertificateNote is a certificate in it.
type CertificateNote struct {
	Subject     string   `json:"subject"`
	Issuer      string   `json:"issuer"`
	Names       []string `json:"names"`
	NotBefore   string   `json:"not_before"`
	NotAfter    string   `json:"not_after"`
	Fingerprint string   `json:"fingerprint"`
}

// Event returns what the note tells, at m.
func (n *Note) Event(m wire.Meta) *wire.TLS {
	return &wire.TLS{
		Meta: m, Peer: n.Peer, Version: n.Version, Cipher: n.Cipher, ServerName: n.ServerName, Offered: n.Offered,
		Protocol: n.Protocol, Resumed: n.Resumed, Client: certificates(n.Client), Server: certificates(n.Server), Opaque: n.Opaque,
	}
}

func certificates(notes []CertificateNote) []wire.Certificate {
	var all []wire.Certificate
	for _, n := range notes {
		all = append(all, wire.Certificate{
			Subject: n.Subject, Issuer: n.Issuer, Names: n.Names,
			NotBefore: moment(n.NotBefore), NotAfter: moment(n.NotAfter), Fingerprint: n.Fingerprint,
		})
	}
	return all
}

// moment reads a time; what is none is zero.
func moment(s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
