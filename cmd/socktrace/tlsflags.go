package main

import (
	"errors"
	"os"

	"github.com/spf13/cobra"

	"github.com/socktrace/socktrace/dockercli"
	"github.com/socktrace/socktrace/intercept"
	"github.com/socktrace/socktrace/wire"
)

// tlsFlags are what the flags say of TLS with the daemon, as the docker CLI has them.
type tlsFlags struct {
	tls, verify         bool
	ca, cert, key, name string
	given               func(flag string) bool // nil: none was
}

// daemonFlags adds the flags that say how to talk TLS to the daemon.
func (o *options) daemonFlags(cmd *cobra.Command) {
	f, t := cmd.Flags(), &o.tls
	f.BoolVar(&t.tls, "tls", false, "speak TLS to a daemon on TCP, whoever it is")
	f.BoolVar(&t.verify, "tlsverify", false, "speak TLS to a daemon on TCP, and verify who it is")
	f.StringVar(&t.ca, "tlscacert", "", "trust the CAs in `FILE` to know the daemon (default: ca.pem where the docker CLI has it)")
	f.StringVar(&t.cert, "tlscert", "", "show the daemon the certificate in `FILE` (default: cert.pem there, if there is one)")
	f.StringVar(&t.key, "tlskey", "", "the key of that, in `FILE` (default: key.pem there)")
	f.StringVar(&t.name, "tlsservername", "", "expect the daemon's certificate to be for `NAME` (default: the host of its address)")
	f.StringVar(&o.keylog, "keylog", "", "append the secrets of TLS to `FILE`, for Wireshark and such; default: what SSLKEYLOGFILE names")
	t.given = f.Changed
	for _, flag := range []string{"tlscacert", "tlscert", "tlskey"} {
		completeFiles(cmd, flag, "pem", "crt", "key")
	}
	complete(cmd, "tlsservername")
}

// options returns what was said.
func (t *tlsFlags) options() dockercli.TLSOptions {
	o := dockercli.TLSOptions{CA: t.ca, Cert: t.cert, Key: t.key, Name: t.name}
	if t.given != nil && t.given("tls") {
		o.TLS = &t.tls
	}
	if t.given != nil && t.given("tlsverify") {
		o.Verify = &t.verify
	}
	return o
}

// daemon returns the daemon with all that is known of it: findUpstream, and TLS.
func (o *options) daemon(getenv func(string) string) (intercept.Upstream, error) {
	if o.serve.upstream != nil {
		return *o.serve.upstream, nil
	}
	home, _ := os.UserHomeDir()
	said := o.tls.options()
	return said.Find(getenv, home, o.findUpstream)
}

// tlsHint says what to do about a failure of TLS; empty if nothing is known, or err is
// none.
func tlsHint(err error) string {
	problem := intercept.ProblemOf(err)
	var peer *wire.PeerError
	if errors.As(err, &peer) && peer.Dir == wire.ToServer {
		return map[intercept.TLSProblem]string{
			intercept.TLSRefused:     "the client has to trust it: socktrace ca says how, if it is of --listen-tls auto",
			intercept.TLSPlain:       "have it speak TLS, as docker --tlsverify or https:// do; or listen without --listen-tls",
			intercept.TLSWantsClient: "--listen-tlscacert asks for one: docker --tlscert and --tlskey show it",
			intercept.TLSUntrusted:   "--listen-tlscacert FILE names who may sign those of clients",
		}[problem]
	}
	return map[intercept.TLSProblem]string{
		intercept.TLSUntrusted:   "--tlscacert FILE names the CA to trust",
		intercept.TLSWrongName:   "--tlsservername NAME expects another name",
		intercept.TLSWantsClient: "--tlscert FILE and --tlskey FILE name one",
		intercept.TLSRefused:     "--tlscert FILE and --tlskey FILE name the one to show",
		intercept.TLSPlain:       "it may be a plain port: leave out --tlsverify and --tls, and look at DOCKER_TLS and DOCKER_TLS_VERIFY",
	}[problem]
}

// hinting returns a warn that says what to do, too.
func hinting(warn func(error)) func(error) {
	return func(err error) {
		warn(hinted{err, tlsHint(err)})
	}
}

// mixingHints say what to do where one speaks TLS and the other does not: if it is a
// client that does, or the daemon.
func (o *options) mixingHints(src source, getenv func(string) string) (hints [2]string) {
	if o.tls.given == nil {
		return hints // a capture
	}
	hints[1] = "--tlsverify speaks it, and --tls without knowing to whom"
	if getenv("DOCKER_CERT_PATH") != "" && getenv("DOCKER_TLS_VERIFY") == "" {
		hints[1] += "; DOCKER_CERT_PATH alone asks for it of docker-py, but not of the docker CLI, nor of socktrace"
	}
	if !src.childStdout {
		hints[0] = "--listen-tls auto has the listener speak it"
	}
	return hints
}
