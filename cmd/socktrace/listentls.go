package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/socktrace/socktrace/intercept"
	"github.com/socktrace/socktrace/localca"
)

// listenTLS is what the flags say of TLS with clients.
type listenTLS struct {
	auto          string // "auto": certificates of the local CA
	cert, key, ca string
	remote        bool
}

// listenTLSFlags adds the flags that have a listener speak TLS.
func (o *options) listenTLSFlags(cmd *cobra.Command) {
	f, t := cmd.Flags(), &o.front
	f.StringVar(&t.auto, "listen-tls", "", "speak TLS to clients: `auto`, with a certificate of a CA of one's own (see socktrace ca)")
	f.StringVar(&t.cert, "listen-tlscert", "", "speak TLS to clients, with the certificate in `FILE`")
	f.StringVar(&t.key, "listen-tlskey", "", "the key of that, in `FILE`")
	f.StringVar(&t.ca, "listen-tlscacert", "", "ask clients for a certificate that a CA in `FILE` has signed")
	f.BoolVar(&t.remote, "allow-remote", false, "have a TCP address be one that other machines can reach, with --listen-tlscacert: by who has a certificate")
	complete(cmd, "listen-tls", "auto\twith a certificate of a CA of one's own")
	for _, flag := range []string{"listen-tlscert", "listen-tlskey", "listen-tlscacert"} {
		completeFiles(cmd, flag, "pem", "crt", "key")
	}
}

// given says whether clients are to speak TLS.
func (t *listenTLS) given() bool { return t.auto != "" || t.cert != "" || t.key != "" || t.ca != "" }

// check looks at what the flags mean together, for a listener at an address.
func (t *listenTLS) check(at intercept.Addr) error {
	switch {
	case t.auto != "" && t.auto != "auto":
		return fmt.Errorf("--listen-tls %q: not auto, which is all there is", t.auto)
	case t.auto != "" && (t.cert != "" || t.key != ""):
		return errors.New("--listen-tls auto makes its own certificate: it excludes --listen-tlscert and --listen-tlskey")
	case t.cert != "" && t.key == "":
		return errors.New("--listen-tlscert needs --listen-tlskey")
	case t.key != "" && t.cert == "":
		return errors.New("--listen-tlskey needs --listen-tlscert")
	case t.ca != "" && t.auto == "" && t.cert == "":
		return errors.New("--listen-tlscacert needs --listen-tls auto, or --listen-tlscert and --listen-tlskey")
	case t.remote && t.ca == "":
		return errors.New("--allow-remote needs --listen-tlscacert: without client certificates everybody could use the daemon (--expose allows that)")
	case t.given() && at.Network != "tcp":
		return fmt.Errorf("listen %s: TLS is spoken on TCP only", at)
	}
	return nil
}

// front is how clients are spoken to.
type front struct {
	tls  *tls.Config // nil: plain
	ca   *localca.CA // of --listen-tls auto
	asks bool        // clients are asked for a certificate
	open bool        // other machines can connect
}

// config returns how clients are spoken to at an address.
func (t *listenTLS) config(at intercept.Addr) (f front, err error) {
	if !t.given() {
		return front{}, nil
	}
	f.asks = t.ca != ""
	f.tls, f.ca, err = t.load(at)
	return f, err
}

// load reads or makes the certificate, and reads those of the CAs of clients.
func (t *listenTLS) load(at intercept.Addr) (c *tls.Config, ca *localca.CA, err error) {
	c = &tls.Config{MinVersion: tls.VersionTLS12}
	if t.auto != "" {
		dir, err := localca.Dir()
		if err != nil {
			return nil, nil, err
		}
		if ca, err = localca.Open(dir); err != nil {
			return nil, nil, err
		}
		host, _, _ := net.SplitHostPort(at.Address)
		c.GetCertificate = ca.Leaves(host).Certificate
	} else {
		cert, err := readPEM(t.cert)
		if err != nil {
			return nil, nil, err
		}
		key, err := readPEM(t.key)
		if err != nil {
			return nil, nil, err
		}
		pair, err := intercept.KeyPair(t.cert, cert, t.key, key)
		if err != nil {
			return nil, nil, err
		}
		c.Certificates = []tls.Certificate{pair}
	}
	if t.ca == "" {
		return c, ca, nil
	}
	text, err := readPEM(t.ca)
	if err != nil {
		return nil, nil, err
	}
	c.ClientAuth = tls.RequireAndVerifyClientCert
	c.ClientCAs, err = intercept.Pool(t.ca, text)
	return c, ca, err
}

// announce says who can connect, and how.
func (f front) announce(w *warner, at intercept.Addr) {
	if f.ca != nil {
		if f.ca.New {
			w.warn(fmt.Errorf("made a CA of its own: %s (socktrace ca says how to trust it)", f.ca.File))
		}
		w.warn(fmt.Errorf("try: docker --tlsverify --tlscacert %s -H %s version", shellWords([]string{f.ca.File}), at))
	} else if c := f.tls.Certificates[0].Leaf; time.Now().After(c.NotAfter) || time.Now().Before(c.NotBefore) {
		w.warn(fmt.Errorf("the certificate for clients (%s) is not valid now, but from %s to %s", c.Subject, c.NotBefore.Format(time.DateOnly), c.NotAfter.Format(time.DateOnly)))
	}
	who := "every user of this machine"
	if f.open {
		who = "whoever reaches this address"
	}
	if f.asks {
		who += ", with a certificate of the CA that clients are asked for,"
	}
	w.warn(fmt.Errorf("%s can do by this address all that the daemon lets you do", who))
}

// readPEM reads a small file, and names it in errors.
func readPEM(name string) ([]byte, error) {
	b, err := os.ReadFile(name)
	var file *fs.PathError
	if errors.As(err, &file) {
		err = fmt.Errorf("%s: %w", name, file.Err)
	}
	return b, err
}
