package dockercli

import (
	"crypto/tls"
	"errors"
	"io/fs"
	"net"
	"path/filepath"

	"github.com/socktrace/socktrace/intercept"
)

// tlsFiles holds the PEM files of one daemon; what is missing is nil.
type tlsFiles struct{ ca, cert, key []byte }

func readTLSFiles(dir string) (f tlsFiles, err error) {
	for name, to := range map[string]*[]byte{"ca.pem": &f.ca, "cert.pem": &f.cert, "key.pem": &f.key} {
		*to, err = readFile(filepath.Join(dir, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return tlsFiles{}, err
		}
	}
	return f, nil
}

func (f tlsFiles) upstream(addr intercept.Addr, verify bool) (intercept.Upstream, error) {
	host, _, err := net.SplitHostPort(addr.HostPort())
	if err != nil {
		return intercept.Upstream{}, err
	}
	c := &tls.Config{
		MinVersion:         tls.VersionTLS12,
		ServerName:         host,
		InsecureSkipVerify: !verify, // what DOCKER_TLS asks for
	}
	if verify && f.ca != nil {
		if c.RootCAs, err = intercept.Pool("ca.pem", f.ca); err != nil {
			return intercept.Upstream{}, err
		}
	}
	if f.cert != nil && f.key != nil {
		pair, err := intercept.KeyPair("cert.pem", f.cert, "key.pem", f.key)
		if err != nil {
			return intercept.Upstream{}, err
		}
		c.Certificates = []tls.Certificate{pair}
	}
	return intercept.Upstream{Addr: addr, TLS: c}, nil
}
