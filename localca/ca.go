package localca

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"time"

	"github.com/socktrace/socktrace/internal/openfile"
)

// CA signs certificates. Its methods may be called by any goroutine.
type CA struct {
	File string // its certificate
	PEM  []byte // what is in that
	Cert *x509.Certificate
	New  bool // it was made by Open
	key  *ecdsa.PrivateKey
}

const (
	certFile = "ca.pem"     // so that DOCKER_CERT_PATH can name the folder
	keyFile  = "ca-key.pem" // and not key.pem, which would be a client's there
	// validity is how long a CA lasts: who trusts it does that by hand.
	validity = 5 * 365 * 24 * time.Hour
	// skew is how much clocks may differ.
	skew = time.Hour
)

// Dir returns where the CA of this user is.
func Dir() (string, error) {
	config, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("local CA: %w", err)
	}
	return filepath.Join(config, "socktrace", "ca"), nil
}

// Open returns the CA in the folder dir, which is made with it if it is not there. What
// is there is never written over, and of several that make it at once one wins.
func Open(dir string) (*CA, error) {
	ca, err := load(dir)
	if errors.Is(err, fs.ErrNotExist) {
		if _, there := os.Lstat(filepath.Join(dir, certFile)); there == nil {
			if another, err := load(dir); err == nil { // it came in between, whole
				return another, nil
			}
			return nil, fmt.Errorf("local CA: %s is missing: remove the folder %s to have a new one made", keyFile, dir)
		}
		if err = create(dir); err == nil {
			if ca, err = load(dir); err == nil {
				ca.New = true
			}
		} else if another, loadErr := load(dir); loadErr == nil { // it was faster
			return another, nil
		}
	}
	if err != nil {
		return nil, fmt.Errorf("local CA: %w", err)
	}
	if time.Now().After(ca.Cert.NotAfter) {
		return nil, fmt.Errorf("local CA: %s has expired on %s: remove the folder %s to have a new one made",
			ca.File, ca.Cert.NotAfter.Format(time.DateOnly), dir)
	}
	return ca, nil
}

// load reads the CA that is in dir.
func load(dir string) (*CA, error) {
	ca := &CA{File: filepath.Join(dir, certFile)}
	key := filepath.Join(dir, keyFile)
	info, err := os.Stat(key)
	if err != nil {
		return nil, err
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%s: others may read it (mode %04o): chmod 600, or remove the folder to have a new one made", key, info.Mode().Perm())
	}
	if !openfile.Ours(info) {
		return nil, fmt.Errorf("%s: it belongs to another user", key)
	}
	if folder, err := os.Stat(dir); err == nil && (!openfile.Ours(folder) || runtime.GOOS != "windows" && folder.Mode().Perm()&0o022 != 0) {
		return nil, fmt.Errorf("%s: others may write there (mode %04o): chmod 700, or remove the folder to have a new one made", dir, folder.Mode().Perm())
	}
	keyPEM, err := os.ReadFile(key)
	if err != nil {
		return nil, err
	}
	if ca.PEM, err = os.ReadFile(ca.File); err != nil {
		return nil, err
	}
	cert, k := der("CERTIFICATE", ca.PEM), der("PRIVATE KEY", keyPEM)
	parsed, keyErr := x509.ParsePKCS8PrivateKey(k)
	var isKey bool
	ca.key, isKey = parsed.(*ecdsa.PrivateKey)
	ca.Cert, err = x509.ParseCertificate(cert)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: not a certificate", ca.File)
	case keyErr != nil || !isKey:
		return nil, fmt.Errorf("%s: not a key of a local CA", key)
	case !ca.key.PublicKey.Equal(ca.Cert.PublicKey):
		return nil, fmt.Errorf("%s: not the key of %s", key, ca.File)
	}
	return ca, nil
}

// der returns what the first block of PEM has in it, if it is of a kind.
func der(kind string, text []byte) []byte {
	b, _ := pem.Decode(text)
	if b == nil || b.Type != kind {
		return nil
	}
	return b.Bytes
}

// create makes dir with a new CA in it, in one step: it fails if dir is there and has
// something in it.
func create(dir string) error {
	parent := filepath.Dir(dir)
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return err
	}
	making, err := os.MkdirTemp(parent, "ca.") // mode 0700
	if err != nil {
		return err
	}
	defer os.RemoveAll(making)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber:          serial(),
		Subject:               pkix.Name{CommonName: "socktrace local CA", Organization: []string{owner()}},
		NotBefore:             now.Add(-skew),
		NotAfter:              now.Add(validity),
		IsCA:                  true,
		BasicConstraintsValid: true,
		MaxPathLenZero:        true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return err
	}
	k, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	for name, b := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: cert}, keyFile: {Type: "PRIVATE KEY", Bytes: k}} {
		if err := os.WriteFile(filepath.Join(making, name), pem.EncodeToMemory(b), 0o600); err != nil {
			return err
		}
	}
	if runtime.GOOS == "windows" {
		_ = os.Remove(dir) // an empty one would be in the way
	}
	return os.Rename(making, dir)
}

// owner names whose CA it is, where several are trusted.
func owner() string {
	name := "unknown"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	if host, err := os.Hostname(); err == nil {
		name += "@" + host
	}
	return name
}

// serial returns a number that no other certificate has (RFC 5280, section 4.1.2.2).
func serial() *big.Int {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails
	b[0] &= 0x7f
	b[15] |= 1
	return new(big.Int).SetBytes(b)
}
