//go:build unix

package main

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/need"
	"github.com/socktrace/socktrace/internal/testca"
)

// secureDaemon is a Docker daemon that listens on a unix socket, and, with mutual TLS,
// on a port.
type secureDaemon struct {
	plain, secure string // addresses
	ca            *testca.CA
	certs         string // folder of a client of it
}

// startSecureDaemon starts one for the time of the test, or skips that aloud.
func startSecureDaemon(t *testing.T, docker cli) *secureDaemon {
	t.Helper()
	dockerd := need.Program(t, "dockerd")
	if os.Geteuid() != 0 {
		need.Skip(t, "dockerd", errors.New("it needs root"))
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().String()
	l.Close()
	ca, dir := testca.New(t, "docker ca"), shortDir(t)
	own := ca.Write("dockerd", testca.Local)
	d := &secureDaemon{"unix://" + dir + "/s", "tcp://" + port, ca, ca.Write("client", nil)}
	p := launch(t, nil, dockerd, "--bridge=none", "--iptables=false", "--ip6tables=false", "--data-root", dir+"/root", "--exec-root", dir+"/exec",
		"-p", dir+"/pid", "-H", d.plain, "-H", d.secure, "--tlsverify", "--tlscacert", own+"/ca.pem", "--tlscert", own+"/cert.pem", "--tlskey", own+"/key.pem")
	t.Cleanup(func() { p.stop(syscall.SIGTERM) })
	for end := time.Now().Add(patience); exec.Command(docker.path, "-H", d.plain, "version").Run() != nil; time.Sleep(50 * time.Millisecond) {
		select {
		case <-p.done:
			need.Skip(t, "dockerd", errors.New(tail(p.err.String())))
		default:
		}
		if time.Now().After(end) {
			t.Fatalf("dockerd does not answer: %s", tail(p.err.String()))
		}
	}
	if err := importImage(docker, "-H", d.plain); err != nil {
		t.Fatal(err)
	}
	return d
}

// TestDockerTLS has docker commands and docker-py talk to a daemon in all four
// combinations of plain and TLS.
func TestDockerTLS(t *testing.T) {
	t.Parallel()
	docker := dockers(t)[0]
	d := startSecureDaemon(t, docker)
	home := t.TempDir()
	ca := filepath.Join(home, ".config", "socktrace", "ca", "ca.pem")
	t.Run("all", func(t *testing.T) { // the daemon ends behind it
		for _, front := range []string{"plain", "TLS"} {
			for _, back := range []string{"plain", "TLS"} {
				t.Run(front+" to "+back, func(t *testing.T) {
					t.Parallel()
					up := []string{"--upstream", d.plain}
					if back == "TLS" {
						up = []string{"--upstream", d.secure, "--tlsverify"}
					}
					if front == "TLS" {
						up = append(up, "--listen-tls", "auto", "--listen-tlscacert", d.certs+"/ca.pem")
					}
					r := recordingsIn(t.TempDir())
					p, at := tlsListener(t, clean(home, "DOCKER_CERT_PATH="+d.certs), append(append(r.flags(), "--show-secrets"), up...)...)
					flags := []string{"-H", at}
					if front == "TLS" {
						flags = append(flags, "--tlsverify", "--tlscacert", ca, "--tlscert", d.certs+"/cert.pem", "--tlskey", d.certs+"/key.pem")
					}
					run := func(stdin, want string, args ...string) {
						t.Helper()
						got := launch(t, func(c *exec.Cmd) {
							clean(home)(c)
							c.Stdin = strings.NewReader(stdin)
						}, docker.path, append(append([]string{}, flags...), args...)...).end()
						check(t, strings.Join(args, " "), got.out+got.status, want+"exit status 0")
					}
					run("", "hi\n", "run", "--rm", "--network", "none", testImage, "echo", "hi")
					typed := strings.Repeat("typed\n", 10_000)
					run(typed, typed, "run", "-i", "--rm", "--network", "none", testImage, "cat") // ends by half-close alone
					name := uniqueName()
					docker.must(t, "-H", d.plain, "create", "--name", name, "--network", "none", testImage, "sh", "-c", "for i in 1 2 3; do echo $i; sleep 1; done; sleep 2")
					run("", name+"\n", "start", name)
					run("early\n", "early\nlate\n", "exec", "-i", name, "sh", "-c", "cat; sleep 1; echo late")
					run("", "1\n2\n3\n", "logs", "-f", name)
					run("", name+"\n", "rm", "-f", name)
					for _, py := range pythons(t) {
						env := []string{"DOCKER_HOST=" + at}
						if front == "TLS" {
							env = append(env, "DOCKER_TLS_VERIFY=1", "DOCKER_CERT_PATH="+pyCerts(t, ca, d.certs))
						}
						got := launch(t, clean(home, env...), py.path, "-c",
							"import docker; c = docker.from_env(); print(c.containers.run('"+testImage+"', ['echo', 'hi'], network_mode='none', remove=True))").end()
						check(t, "docker-py", got.out+got.err+got.status, "b'hi\\n'\nexit status 0")
					}
					check(t, "status", p.stop(syscall.SIGINT).status, "exit status 0")
					all := parseEvents(t, readFile(t, r.live))
					if bad := all.anomalies(); len(bad) > 0 {
						t.Errorf("anomalies: %q", bad)
					}
					checkAgree(t, r, "--show-secrets")
					told := handshakes(t, readFile(t, r.live))
					for peer, want := range map[string]bool{" client TLS 1.": front == "TLS", " server TLS 1.": back == "TLS"} {
						if strings.Contains(told, peer) != want {
							t.Errorf("%q is told: %t\n%s", peer, !want, told)
						}
					}
				})
			}
		}
		t.Run("run", func(t *testing.T) {
			t.Parallel()
			env := clean(home, "DOCKER_HOST="+d.secure, "DOCKER_TLS_VERIFY=1", "DOCKER_CERT_PATH="+d.certs)
			got := socktrace(t, env, "run", "-q", "--", docker.path, "run", "--rm", "--network", "none", testImage, "echo", "hi").end()
			check(t, "run", got.out+got.status, "hi\nexit status 0")
			env = clean(home, "DOCKER_HOST="+d.secure, "DOCKER_CERT_PATH="+d.certs)
			got = socktrace(t, env, "run", "-q", "--", docker.path, "ps").end()
			const hint = "hint: --tlsverify speaks it, and --tls without knowing to whom; DOCKER_CERT_PATH alone asks for it of docker-py"
			if !strings.Contains(got.err, " speaks TLS, and was sent plain HTTP\nsocktrace: "+hint) {
				t.Errorf("it is not said that the daemon speaks TLS: %s", got.err)
			}
		})
	})
}

// pyCerts returns a folder as docker-py wants it: with the CA of the listener, and the
// certificate of a client of the daemon.
func pyCerts(t *testing.T, ca, certs string) string {
	t.Helper()
	dir := t.TempDir()
	for name, from := range map[string]string{"ca.pem": ca, "cert.pem": certs + "/cert.pem", "key.pem": certs + "/key.pem"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(readFile(t, from)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
