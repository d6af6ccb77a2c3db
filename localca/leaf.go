package localca

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"net"
	"os"
	"strings"
	"sync"
	"time"
)

const (
	// leafValidity is how long a certificate of a listener lasts, and renewal how long
	// before its end there is another.
	leafValidity = 7 * 24 * time.Hour
	renewal      = 2 * 24 * time.Hour
	// maxLeaves bounds those that are kept: clients may ask for any name.
	maxLeaves = 64
)

// Leaves are the certificates of one listener: for its own names, and for the one that
// a client asks for. All have one key, which is never written down.
type Leaves struct {
	ca  *CA
	own []string // names and addresses

	mu   sync.Mutex
	key  *ecdsa.PrivateKey
	made map[string]*tls.Certificate // by the name that was asked for
	now  func() time.Time
}

// Leaves returns the certificates of a listener on a host: a name, an address, or empty
// for all of this machine.
func (ca *CA) Leaves(host string) *Leaves {
	return &Leaves{ca: ca, own: namesOf(host), made: make(map[string]*tls.Certificate), now: time.Now}
}

// namesOf returns by which names and addresses a listener on host is reached.
func namesOf(host string) []string {
	ip := net.ParseIP(host)
	switch {
	case host == "localhost", ip != nil && ip.IsLoopback():
		return unique("localhost", "127.0.0.1", "::1", host)
	case host != "" && (ip == nil || !ip.IsUnspecified()):
		return unique(host)
	}
	all := []string{"localhost", "127.0.0.1", "::1"}
	if name, err := os.Hostname(); err == nil {
		all = append(all, name)
	}
	addrs, _ := net.InterfaceAddrs() // what cannot be known is not named
	for _, a := range addrs {
		if n, ok := a.(*net.IPNet); ok {
			all = append(all, n.IP.String())
		}
	}
	return unique(all...)
}

func unique(names ...string) []string {
	var all []string
	known := map[string]bool{"": true}
	for _, n := range names {
		if !known[n] {
			known[n] = true
			all = append(all, n)
		}
	}
	return all
}

// Certificate returns the one to show to a client, as tls.Config.GetCertificate does.
func (l *Leaves) Certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	name := strings.ToLower(strings.TrimSuffix(hello.ServerName, "."))
	if !isHostname(name) {
		name = ""
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if c := l.made[name]; c != nil && l.now().Before(c.Leaf.NotAfter.Add(-renewal)) {
		return c, nil
	}
	c, err := l.sign(name)
	if err != nil {
		return nil, err
	}
	if len(l.made) >= maxLeaves {
		clear(l.made)
	}
	l.made[name] = c
	return c, nil
}

// sign makes a certificate for the listener, and one more name. l.mu is locked.
func (l *Leaves) sign(name string) (*tls.Certificate, error) {
	if l.key == nil {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return nil, err
		}
		l.key = key
	}
	now := l.now()
	end := now.Add(leafValidity)
	if last := l.ca.Cert.NotAfter; end.After(last) {
		end = last
	}
	template := &x509.Certificate{
		SerialNumber: serial(),
		Subject:      pkix.Name{CommonName: "socktrace"},
		NotBefore:    now.Add(-skew),
		NotAfter:     end,
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, n := range unique(append([]string{name}, l.own...)...) {
		if ip := net.ParseIP(n); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, n)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, l.ca.Cert, &l.key.PublicKey, l.ca.key)
	if err != nil {
		return nil, err
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der, l.ca.Cert.Raw}, PrivateKey: l.key, Leaf: leaf}, nil
}

// isHostname reports whether a name that a client asks for may be one of a host
// (RFC 1123, section 2.1).
func isHostname(s string) bool {
	if s == "" || len(s) > 253 {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 {
			return false
		}
		for _, r := range label {
			if !(r == '-' || r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z') {
				return false
			}
		}
	}
	return true
}
