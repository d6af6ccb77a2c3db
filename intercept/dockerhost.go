package intercept

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// defaultContext is the docker CLI's name for what the environment says; it
// has no files.
const defaultContext = "default"

// DockerUpstream returns the daemon that the docker CLI would talk to. It is,
// in this order, what DOCKER_HOST says, the context named by DOCKER_CONTEXT,
// the current context of config.json, or the CLI's default socket. home is the
// user's home directory; DOCKER_CONFIG stands in for home/.docker.
//
// TLS is taken from a context's files, or, without a context, from DOCKER_TLS
// (encrypt), DOCKER_TLS_VERIFY (encrypt and verify) and DOCKER_CERT_PATH, as
// the CLI does: any non-empty value means yes, and unix sockets ignore all.
func DockerUpstream(getenv func(string) string, home string) (Upstream, error) {
	config := getenv("DOCKER_CONFIG")
	if config == "" {
		config = filepath.Join(home, ".docker")
	}
	name, err := contextName(getenv, config)
	if err != nil {
		return Upstream{}, err
	}
	if name == defaultContext {
		return envUpstream(getenv, config)
	}
	u, err := contextUpstream(filepath.Join(config, "contexts"), name)
	if err != nil {
		return Upstream{}, fmt.Errorf("docker context %q: %w", name, err)
	}
	return u, nil
}

func contextName(getenv func(string) string, config string) (string, error) {
	if getenv("DOCKER_HOST") != "" {
		return defaultContext, nil
	}
	if name := getenv("DOCKER_CONTEXT"); name != "" {
		return name, nil
	}
	path := filepath.Join(config, "config.json")
	var file struct {
		CurrentContext string `json:"currentContext"`
	}
	err := readJSON(path, &file)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && file.CurrentContext == "":
		return defaultContext, nil
	case err != nil:
		return "", err
	}
	return file.CurrentContext, nil
}

// envUpstream is the CLI's default context: what the environment says.
func envUpstream(getenv func(string) string, config string) (Upstream, error) {
	verify := getenv("DOCKER_TLS_VERIFY") != ""
	encrypt := verify || getenv("DOCKER_TLS") != ""
	host := getenv("DOCKER_HOST")
	if host == "" && encrypt {
		host = "tcp://localhost:2376"
	}
	addr, err := dockerAddr(host)
	if err != nil {
		return Upstream{}, fmt.Errorf("DOCKER_HOST: %w", err)
	}
	if !encrypt || addr.Network != "tcp" {
		return Upstream{Addr: addr}, nil
	}
	dir := getenv("DOCKER_CERT_PATH")
	if dir == "" {
		dir = config
	}
	files, err := readTLSFiles(dir)
	if err == nil && verify && files.ca == nil {
		err = fmt.Errorf("%s: %w", filepath.Join(dir, "ca.pem"), fs.ErrNotExist)
	}
	if err != nil {
		return Upstream{}, err
	}
	return files.upstream(addr, verify)
}

// contextUpstream reads a context from the CLI's store, whose directories are
// named by the hash of the context's name.
func contextUpstream(store, name string) (Upstream, error) {
	sum := sha256.Sum256([]byte(name))
	id := hex.EncodeToString(sum[:])
	var meta struct {
		Endpoints map[string]struct {
			Host          string
			SkipTLSVerify bool
		}
	}
	if err := readJSON(filepath.Join(store, "meta", id, "meta.json"), &meta); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = errors.New("no such context")
		}
		return Upstream{}, err
	}
	endpoint := meta.Endpoints["docker"]
	addr, err := dockerAddr(endpoint.Host)
	if err != nil || addr.Network != "tcp" {
		return Upstream{Addr: addr}, err
	}
	files, err := readTLSFiles(filepath.Join(store, "tls", id, "docker"))
	if err != nil {
		return Upstream{}, err
	}
	if files.ca == nil && files.cert == nil && files.key == nil && !endpoint.SkipTLSVerify {
		return Upstream{Addr: addr}, nil
	}
	return files.upstream(addr, !endpoint.SkipTLSVerify)
}

// dockerAddr reads a host as the CLI does: it knows defaults that ParseAddr
// does not, and nothing without a scheme but TCP.
func dockerAddr(host string) (Addr, error) {
	switch {
	case host == "" && runtime.GOOS == "windows":
		host = "npipe:////./pipe/docker_engine"
	case host == "", host == "unix://":
		host = "unix:///var/run/docker.sock"
	case !strings.Contains(host, "://"):
		host = "tcp://" + host
	}
	return ParseAddr(host)
}

// tlsFiles holds the PEM files of one daemon; what is missing is nil.
type tlsFiles struct{ ca, cert, key []byte }

func readTLSFiles(dir string) (f tlsFiles, err error) {
	for name, to := range map[string]*[]byte{"ca.pem": &f.ca, "cert.pem": &f.cert, "key.pem": &f.key} {
		*to, err = os.ReadFile(filepath.Join(dir, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return tlsFiles{}, err
		}
	}
	return f, nil
}

func (f tlsFiles) upstream(addr Addr, verify bool) (Upstream, error) {
	host, _, err := net.SplitHostPort(addr.Address)
	if err != nil {
		return Upstream{}, err
	}
	c := &tls.Config{
		MinVersion:         tls.VersionTLS12,
		ServerName:         host,
		InsecureSkipVerify: !verify, // what DOCKER_TLS asks for
	}
	if verify && f.ca != nil {
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM(f.ca) {
			return Upstream{}, errors.New("ca.pem: no certificate in it")
		}
	}
	if f.cert != nil && f.key != nil {
		pair, err := tls.X509KeyPair(f.cert, f.key)
		if err != nil {
			return Upstream{}, fmt.Errorf("cert.pem and key.pem: %w", err)
		}
		c.Certificates = []tls.Certificate{pair}
	}
	return Upstream{Addr: addr, TLS: c}, nil
}

func readJSON(path string, v any) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
