// Package dockercli knows which daemon the docker CLI talks to, and how it gets
// there: what the environment says, contexts and their certificates, and ssh.
package dockercli

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/socktrace/socktrace/intercept"
)

// defaultContext is the docker CLI's name for what the environment says; it
// has no files.
const defaultContext = "default"

// Upstream returns the daemon that the docker CLI would talk to. It is,
// in this order, what DOCKER_HOST says, the context named by DOCKER_CONTEXT,
// the current context of config.json, or the CLI's default socket. home is the
// user's home directory; DOCKER_CONFIG stands in for home/.docker.
//
// TLS is taken from a context's files, or, without a context, from DOCKER_TLS
// (encrypt), DOCKER_TLS_VERIFY (encrypt and verify) and DOCKER_CERT_PATH, as
// the CLI does: any non-empty value means yes, and unix sockets ignore all. An
// https:// address, which the CLI does not know, is encrypted, and verified with the
// system's roots if these say nothing.
func Upstream(getenv func(string) string, home string) (intercept.Upstream, error) {
	config := configFolder(getenv, home)
	name, from, err := contextName(getenv, config)
	if err != nil {
		return intercept.Upstream{}, err
	}
	if name == defaultContext {
		return envUpstream(getenv, config)
	}
	u, err := contextUpstream(filepath.Join(config, "contexts"), name)
	if err != nil {
		return intercept.Upstream{}, fmt.Errorf("docker context %q of %s: %w", name, from, err)
	}
	return u, nil
}

// Context returns the daemon of a context, as docker --context does: that the
// environment names another does not matter, unless it is the default one.
func Context(name string, getenv func(string) string, home string) (intercept.Upstream, error) {
	config := configFolder(getenv, home)
	if name == defaultContext {
		return envUpstream(getenv, config)
	}
	u, err := contextUpstream(filepath.Join(config, "contexts"), name)
	if err != nil {
		return intercept.Upstream{}, fmt.Errorf("docker context %q: %w", name, err)
	}
	return u, nil
}

// configFolder returns where the docker CLI has its files.
func configFolder(getenv func(string) string, home string) string {
	if config := getenv("DOCKER_CONFIG"); config != "" {
		return config
	}
	return filepath.Join(home, ".docker")
}

// contextName returns the name of the context that the environment, or else
// config.json, asks for, and where that is said.
func contextName(getenv func(string) string, config string) (name, from string, err error) {
	if getenv("DOCKER_HOST") != "" {
		return defaultContext, "", nil
	}
	if name := getenv("DOCKER_CONTEXT"); name != "" {
		return name, "DOCKER_CONTEXT", nil
	}
	path := filepath.Join(config, "config.json")
	var file struct {
		CurrentContext string `json:"currentContext"`
	}
	err = readConfig(path, &file)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && file.CurrentContext == "":
		return defaultContext, "", nil
	case err != nil:
		return "", "", err
	}
	return file.CurrentContext, path, nil
}

// Host returns the daemon that docker -H means.
func Host(host string, getenv func(string) string, home string) (intercept.Upstream, error) {
	addr, err := hostAddr(host, getenv)
	if err != nil {
		return intercept.Upstream{}, err
	}
	return addrUpstream(addr, getenv, configFolder(getenv, home))
}

// envUpstream is the CLI's default context: what the environment says.
func envUpstream(getenv func(string) string, config string) (intercept.Upstream, error) {
	addr, err := hostAddr(getenv("DOCKER_HOST"), getenv)
	if err != nil {
		return intercept.Upstream{}, fmt.Errorf("DOCKER_HOST: %w", err)
	}
	return addrUpstream(addr, getenv, config)
}

// envTLS returns whether the environment has the CLI encrypt, and verify.
func envTLS(getenv func(string) string) (encrypt, verify bool) {
	verify = getenv("DOCKER_TLS_VERIFY") != ""
	return verify || getenv("DOCKER_TLS") != "", verify
}

// hostAddr reads a host as the CLI does, whose default depends on TLS.
func hostAddr(host string, getenv func(string) string) (intercept.Addr, error) {
	if encrypt, _ := envTLS(getenv); host == "" && encrypt {
		host = "tcp://localhost:2376"
	}
	return dockerAddr(host)
}

// addrUpstream is the daemon at an address, with TLS as the environment says.
func addrUpstream(addr intercept.Addr, getenv func(string) string, config string) (intercept.Upstream, error) {
	encrypt, verify := envTLS(getenv)
	switch {
	case addr.Network == "https" && !encrypt:
		return tlsFiles{}.upstream(addr, true)
	case !encrypt, !addr.TCP():
		return plain(addr)
	}
	dir := getenv("DOCKER_CERT_PATH")
	if dir == "" {
		dir = config
	}
	files, err := readTLSFiles(dir)
	if err == nil && verify && files.ca == nil {
		err = unread(filepath.Join(dir, "ca.pem"), true, fs.ErrNotExist)
	}
	if err != nil {
		return intercept.Upstream{}, err
	}
	return files.upstream(addr, verify)
}

// plain is the daemon at an address without TLS.
func plain(addr intercept.Addr) (intercept.Upstream, error) {
	u := intercept.Upstream{Addr: addr}
	if addr.Network == "ssh" {
		var err error
		if u.Command, err = sshCommand(addr); err != nil {
			return intercept.Upstream{}, err
		}
	}
	return u, nil
}

// dockerAddr reads a host as the CLI does: it knows defaults that ParseAddr
// does not, and nothing without a scheme but TCP.
func dockerAddr(host string) (intercept.Addr, error) {
	switch {
	case host == "" && runtime.GOOS == "windows":
		host = "npipe:////./pipe/docker_engine"
	case host == "", host == "unix://":
		host = "unix:///var/run/docker.sock"
	case !strings.Contains(host, "://"):
		a, err := intercept.ParseAddr("tcp://" + host)
		if err != nil { // of what was written
			err = fmt.Errorf("address %q: %w", host, errors.Unwrap(err))
		}
		return a, err
	}
	return intercept.ParseAddr(host)
}
