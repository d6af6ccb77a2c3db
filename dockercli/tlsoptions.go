package dockercli

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"

	"github.com/socktrace/socktrace/intercept"
)

// TLSOptions are what flags say of TLS, as those of the docker CLI do: nil and empty is
// what was not said, and has the meaning that the environment gives it.
type TLSOptions struct {
	TLS    *bool // --tls: encrypt
	Verify *bool // --tlsverify: verify too; to say it at all, even that it is false, turns TLS on
	CA     string
	Cert   string
	Key    string
	Name   string // that the daemon's certificate must be for; empty: the host that is dialled
}

// ErrNoTLS says that TLS was asked for where none can be spoken.
var ErrNoTLS = errors.New("is spoken to without TLS")

// FileError says that a file for TLS cannot be read.
type FileError struct {
	Name string
	CA   bool // it has the CA to trust; else the certificate to show, or its key
	Err  error
}

// Error names the file.
func (e *FileError) Error() string { return e.Name + ": " + e.Err.Error() }

// Unwrap returns why.
func (e *FileError) Unwrap() error { return e.Err }

// Given reports whether anything was said.
func (o *TLSOptions) Given() bool { return *o != TLSOptions{} }

// Find calls find, which returns the daemon by an environment, and returns it with TLS
// as the options have it. Of find it is asked only who the daemon is, and what its
// context knows: files of the environment are read here.
func (o *TLSOptions) Find(getenv func(string) string, home string, find func(getenv func(string) string) (intercept.Upstream, error)) (intercept.Upstream, error) {
	if !o.Given() {
		return find(getenv)
	}
	on, verify := o.said(getenv)
	u, err := find(func(name string) string {
		switch {
		case name == "DOCKER_TLS" && on:
			return "1"
		case name == "DOCKER_TLS", name == "DOCKER_TLS_VERIFY":
			return ""
		case name == "DOCKER_CERT_PATH":
			return filepath.Join(configFolder(getenv, home), "no such folder")
		}
		return getenv(name)
	})
	switch {
	case err != nil:
		return u, err
	case !u.Addr.TCP() || u.Command != nil:
		return u, fmt.Errorf("%s %w", u.Addr, ErrNoTLS)
	case !on && u.TLS == nil:
		return u, errors.New("without --tlsverify, or --tls, no TLS is spoken")
	}
	u.TLS, err = o.config(u, verify, certDir(getenv, home))
	return u, err
}

// said returns whether to encrypt, and whether to verify.
func (o *TLSOptions) said(getenv func(string) string) (on, verify bool) {
	on, verify = getenv("DOCKER_TLS") != "", getenv("DOCKER_TLS_VERIFY") != ""
	if o.TLS != nil {
		on = *o.TLS
	}
	if o.Verify != nil {
		verify = *o.Verify
	}
	return on || verify || o.Verify != nil, verify
}

// config returns the configuration of TLS with u: what its context knows, or the files
// in dir, and above both what was said.
func (o *TLSOptions) config(u intercept.Upstream, verify bool, dir string) (*tls.Config, error) {
	c := &tls.Config{MinVersion: tls.VersionTLS12}
	known := u.TLS != nil && (u.TLS.RootCAs != nil || len(u.TLS.Certificates) > 0 || !u.TLS.InsecureSkipVerify)
	if known {
		c = u.TLS.Clone()
	}
	if !known || o.TLS != nil || o.Verify != nil {
		c.InsecureSkipVerify = !verify
	}
	if c.ServerName = o.Name; o.Name == "" {
		c.ServerName, _, _ = net.SplitHostPort(u.Addr.HostPort())
	}
	ca := o.CA
	if ca == "" && !known && verify {
		ca = filepath.Join(dir, "ca.pem")
	}
	if ca != "" {
		text, err := os.ReadFile(ca)
		if err != nil {
			return nil, unread(ca, true, err)
		}
		if c.RootCAs, err = intercept.Pool(ca, text); err != nil {
			return nil, err
		}
	}
	if known && o.Cert == "" && o.Key == "" {
		return c, nil
	}
	pair, err := o.keyPair(dir)
	if err != nil || pair == nil {
		return c, err
	}
	c.Certificates = []tls.Certificate{*pair}
	return c, nil
}

// keyPair reads the certificate that we show; nil if none was named, and dir has none.
func (o *TLSOptions) keyPair(dir string) (*tls.Certificate, error) {
	cert, key := o.Cert, o.Key
	if cert == "" {
		cert = filepath.Join(dir, "cert.pem")
	}
	if key == "" {
		key = filepath.Join(dir, "key.pem")
	}
	certPEM, err := os.ReadFile(cert)
	keyPEM, keyErr := os.ReadFile(key)
	none := errors.Is(err, fs.ErrNotExist) || errors.Is(keyErr, fs.ErrNotExist)
	switch {
	case o.Cert == "" && o.Key == "" && none:
		return nil, nil
	case err != nil:
		return nil, unread(cert, false, err)
	case keyErr != nil:
		return nil, unread(key, false, keyErr)
	}
	pair, err := intercept.KeyPair(cert, certPEM, key, keyPEM)
	return &pair, err
}

// unread says why a file cannot be read.
func unread(name string, ca bool, err error) error {
	var file *fs.PathError
	if errors.As(err, &file) {
		err = file.Err
	}
	return &FileError{name, ca, err}
}

// certDir returns where its certificates are, if no context has them.
func certDir(getenv func(string) string, home string) string {
	if dir := getenv("DOCKER_CERT_PATH"); dir != "" {
		return dir
	}
	return configFolder(getenv, home)
}
