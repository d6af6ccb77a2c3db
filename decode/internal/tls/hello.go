package tls

import (
	"golang.org/x/crypto/cryptobyte"
)

// Types of handshake messages (RFC 8446, section 4; RFC 5246, section 7.4).
const (
	typeClientHello         = 1
	typeServerHello         = 2
	typeEndOfEarlyData      = 5
	typeEncryptedExtensions = 8
	typeCertificate         = 11
	typeServerHelloDone     = 14
	typeFinished            = 20
	typeKeyUpdate           = 24
)

// Extensions of hellos that matter here.
const (
	extServerName   = 0
	extALPN         = 16
	extEncryptFirst = 22
	extPreShared    = 41
	extEarlyData    = 42
	extVersions     = 43
)

// retryRandom is the random of a ServerHello that is a HelloRetryRequest (RFC 8446,
// section 4.1.3).
var retryRandom = [32]byte{
	0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
	0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
}

// maxOffered bounds how many protocols of a client are remembered.
const maxOffered = 32

// hello is a ClientHello, a ServerHello or, of its extensions, EncryptedExtensions.
type hello struct {
	version      uint16 // chosen, if the server says it; the legacy one of clients
	random       [32]byte
	suite        uint16 // chosen
	compressed   bool
	serverName   string
	protocols    []string // offered, or the one chosen
	encryptFirst bool
	early        bool // early data: offered, or accepted
	preShared    bool
}

// parseClientHello reads the message of that type, without its header.
func parseClientHello(b []byte) (h hello, ok bool) {
	s := cryptobyte.String(b)
	var session, suites, methods cryptobyte.String
	ok = s.ReadUint16(&h.version) && s.CopyBytes(h.random[:]) && s.ReadUint8LengthPrefixed(&session) &&
		s.ReadUint16LengthPrefixed(&suites) && s.ReadUint8LengthPrefixed(&methods)
	return h, ok && h.extensions(s, true)
}

// parseServerHello is the same for a ServerHello.
func parseServerHello(b []byte) (h hello, ok bool) {
	s := cryptobyte.String(b)
	var session cryptobyte.String
	var method uint8
	ok = s.ReadUint16(&h.version) && s.CopyBytes(h.random[:]) && s.ReadUint8LengthPrefixed(&session) &&
		s.ReadUint16(&h.suite) && s.ReadUint8(&method)
	h.compressed = method != 0
	return h, ok && h.extensions(s, false)
}

// extensions reads the extensions at the end of a hello, which may have none.
func (h *hello) extensions(s cryptobyte.String, client bool) bool {
	if s.Empty() {
		return true
	}
	var all cryptobyte.String
	if !s.ReadUint16LengthPrefixed(&all) {
		return false
	}
	for !all.Empty() {
		var typ uint16
		var b cryptobyte.String
		if !all.ReadUint16(&typ) || !all.ReadUint16LengthPrefixed(&b) {
			return false
		}
		h.extension(typ, b, client)
	}
	return true
}

// extension reads an extension. What is malformed in it is as if it were not there.
func (h *hello) extension(typ uint16, b cryptobyte.String, client bool) {
	switch typ {
	case extServerName:
		h.serverName = serverName(b)
	case extALPN:
		h.protocols = protocols(b)
	case extEncryptFirst:
		h.encryptFirst = true
	case extEarlyData:
		h.early = true
	case extPreShared:
		h.preShared = true
	case extVersions:
		if !client {
			b.ReadUint16(&h.version)
		}
	}
}

// serverName reads the first name of a host (RFC 6066, section 3).
func serverName(b cryptobyte.String) string {
	var list, name cryptobyte.String
	var kind uint8
	if !b.ReadUint16LengthPrefixed(&list) || !list.ReadUint8(&kind) || kind != 0 || !list.ReadUint16LengthPrefixed(&name) {
		return ""
	}
	return string(name)
}

// protocols reads the names of a list (RFC 7301, section 3.1).
func protocols(b cryptobyte.String) (all []string) {
	var list, name cryptobyte.String
	if !b.ReadUint16LengthPrefixed(&list) {
		return nil
	}
	for len(all) < maxOffered && list.ReadUint8LengthPrefixed(&name) {
		all = append(all, string(name))
	}
	return all
}
