package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/internal/need"
	"github.com/socktrace/socktrace/internal/testca"
)

// fleetFile returns a file that people take from docs/fleet, with some of its text replaced.
// That each is there is checked.
func fleetFile(t *testing.T, name string, replaced ...string) string {
	t.Helper()
	text := readFile(t, filepath.Join("..", "..", "docs", "fleet", name))
	for i := 0; i < len(replaced); i += 2 {
		if !strings.Contains(text, replaced[i]) {
			t.Fatalf("%s has no %q", name, replaced[i])
		}
		text = strings.ReplaceAll(text, replaced[i], replaced[i+1])
	}
	return text
}

// fleet is a collector as docs/fleet.md has it, and a host.
type fleet struct {
	collector *process
	url       string
	dir       string   // with what the collector writes
	host      string   // the folder that is the host's /etc/socktrace
	env       []string // as otlp.env has it
}

// newFleet starts the collector, which hands on to what is behind it; besides is what else is
// replaced in its file. Hosts prove who they are by a token, or by certificates.
func newFleet(t *testing.T, token bool, behind string, besides ...string) *fleet {
	t.Helper()
	path := need.Program(t, "otelcol")
	address := freeAddress(t)
	f := &fleet{url: "https://" + address, dir: t.TempDir(), host: t.TempDir()}
	ca, hosts := testca.New(t, "ca"), testca.New(t, "hosts")
	server := ca.Write("collector", testca.Local)
	client := hosts.Write("host-1", func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} })
	for to, from := range map[string]string{
		f.dir + "/server.pem": server + "/cert.pem", f.dir + "/server.key": server + "/key.pem", f.dir + "/hosts-ca.pem": client + "/ca.pem",
		f.host + "/ca.pem": server + "/ca.pem", f.host + "/host.pem": client + "/cert.pem", f.host + "/host.key": client + "/key.pem",
	} {
		writeFile(t, to, readFile(t, from))
	}
	writeFile(t, f.dir+"/token", "t0ken")
	replaced := []string{"/etc/otelcol", f.dir, "/var/log/otelcol", f.dir, "0.0.0.0:4318", address,
		"http://127.0.0.1:4328", behind, "http://127.0.0.1:9090/api/v1/otlp", behind, "flush_timeout: 1s", "flush_timeout: 100ms"}
	replaced = append(replaced, besides...)
	variables := []string{"https://collector.example:4318", f.url, "/etc/socktrace", f.host}
	if token {
		replaced = append(replaced, "# auth:", "auth:", "client_ca_file:", "# client_ca_file:",
			"# extensions:", "extensions:")
		variables = append(variables, "# OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS", "TOKEN", "t0ken",
			"OTEL_EXPORTER_OTLP_CLIENT_", "# ")
	}
	config := filepath.Join(f.dir, "collector.yaml")
	writeFile(t, config, fleetFile(t, "collector.yaml", replaced...)+"\n  telemetry: {metrics: {level: none}}\n")
	got := launch(t, nil, path, "validate", "--config", config).end()
	check(t, "validate", got.status+got.err, "exit status 0")
	writeFile(t, f.host+"/otlp.env", fleetFile(t, "otlp.env", variables...))
	for line := range strings.Lines(readFile(t, f.host+"/otlp.env")) {
		if !strings.HasPrefix(line, "#") {
			f.env = append(f.env, strings.TrimSpace(line))
		}
	}
	f.collector = launch(t, nil, path, "--config", config)
	f.collector.err.await(t, "Everything is ready.")
	return f
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// ask posts to the collector as somebody who has nothing but its address, and returns what
// becomes of it.
func (f *fleet) ask(t *testing.T) string {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(readFile(t, f.host+"/ca.pem")))
	c := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	answer, err := c.Post(f.url+"/v1/traces", "application/json", strings.NewReader(`{}`))
	if err != nil {
		return err.Error()
	}
	answer.Body.Close()
	return answer.Status
}

// TestFleetCollector: the collector of docs/fleet.md takes spans of who proves to be a host,
// of nobody else, and hands them on.
func TestFleetCollector(t *testing.T) {
	for name, refused := range map[string]string{"certificate": "certificate required", "token": "401 Unauthorized"} {
		t.Run(name, func(t *testing.T) {
			behind := collectorFor(t, http.StatusOK)
			f := newFleet(t, name == "token", behind.URL)
			if got := f.ask(t); !strings.Contains(got, refused) {
				t.Errorf("a stranger is told %q", got)
			}
			got := socktrace(t, environ(f.env...), "demo", "-q", "--otlp", "env").end()
			check(t, "status", got.status, "exit status 0")
			sent := regexp.MustCompile(`otlp: \d+ spans sent`).FindString(got.err)
			if sent == "" || strings.Contains(got.err, "not sent") {
				t.Errorf("told %q", got.err)
			}
			await(t, "the spans", func() bool { return strings.Contains(behind.text(), "ContainerStart") })
			for _, want := range []string{"deployment.environment.name", "production", "host.name"} {
				if !strings.Contains(behind.text(), want) {
					t.Errorf("no %q arrives", want)
				}
			}
		})
	}
}

// unitLines returns what a unit has for a name: one value for each line, with those that are
// continued made one.
func unitLines(unit, name string) (all []string) {
	for line := range strings.Lines(strings.ReplaceAll(unit, "\\\n", " ")) {
		if value, ok := strings.CutPrefix(line, name+"="); ok {
			all = append(all, strings.TrimSpace(value))
		}
	}
	return all
}

// TestFleetUnit: systemd takes the unit, and the program its commands, of which the
// container has one too.
func TestFleetUnit(t *testing.T) {
	unit := fleetFile(t, "socktrace.service")
	for _, name := range []string{"ExecStart", "ExecStopPost"} {
		lines := unitLines(unit, name)
		check(t, name, len(lines), 1)
		if err := taken(strings.Fields(lines[0])[1:]); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	started := strings.ReplaceAll(unitLines(unit, "ExecStart")[0], " /run/", " /host/run/")
	composed := regexp.MustCompile(`(?s)command: \[(.*?)\]`).FindStringSubmatch(fleetFile(t, "compose.yaml"))
	check(t, "the container's", strings.Join(strings.FieldsFunc(composed[1], func(r rune) bool { return strings.ContainsRune(" \n,\"", r) }), " "),
		strings.Join(strings.Fields(started)[1:], " "))
	file := filepath.Join(t.TempDir(), "socktrace.service")
	writeFile(t, file, fleetFile(t, "socktrace.service", "/usr/local/bin/socktrace", testedProgram(t)))
	got := launch(t, nil, need.Program(t, "systemd-analyze"), "verify", "--man=no", file).end()
	check(t, "systemd-analyze verify", got.status+got.out+got.err, "exit status 0")
}

// TestFleetHost runs the command of the unit, with its capabilities, in the place of the
// socket of a real daemon: what docker does arrives behind the collector, and if it is
// killed, the unit's other command gives the socket back.
func TestFleetHost(t *testing.T) {
	docker, setpriv := need.Program(t, "docker"), need.Program(t, "setpriv")
	path, start := ownDockerd(t)
	behind := collectorFor(t, http.StatusOK)
	f := newFleet(t, false, behind.URL)
	t.Setenv("DOCKER_HOST", "unix://"+path)
	start()
	if err := importImage(cli{path: docker}); err != nil {
		need.Skip(t, "docker", err)
	}
	audits := t.TempDir()
	metrics := freeAddress(t)
	unit := fleetFile(t, "socktrace.service", "/usr/local/bin/socktrace", testedProgram(t), "/run/docker.sock", path, "/var/log/socktrace", audits,
		"/var/lib/socktrace", t.TempDir(), "127.0.0.1:9464", metrics)
	kept := strings.ToLower(strings.ReplaceAll(unitLines(unit, "CapabilityBoundingSet")[0], "CAP_", "+"))
	args := append([]string{"--bounding-set", "-all," + strings.ReplaceAll(kept, " ", ","), "--inh-caps", "-all", "--no-new-privs"},
		strings.Fields(unitLines(unit, "ExecStart")[0])...)
	before := lstat(t, path)
	p := launch(t, environ(f.env...), setpriv, args...)
	p.err.await(t, "mv -f ")
	check(t, "in place", accessIn(lstat(t, path)), accessIn(before))
	name := uniqueName()
	got := launch(t, nil, docker, "create", "--privileged", "--name", name, testImage, "true").end()
	check(t, "create", got.status, "exit status 0")
	check(t, "rm", launch(t, nil, docker, "rm", "-f", name).end().status, "exit status 0")
	f.checkArrives(t, behind, filepath.Join(audits, "audit.jsonl"), docker, name)
	checkAlerts(t, metrics)

	_ = p.Process.Kill()
	p.end()
	if got := launch(t, nil, docker, "version").end(); got.status == "exit status 0" {
		t.Error("its socket does not depend on it")
	}
	restore := strings.Fields(unitLines(unit, "ExecStopPost")[0])
	check(t, "ExecStopPost", launch(t, nil, restore[0], restore[1:]...).end().status, "exit status 0")
	check(t, "version", launch(t, nil, docker, "version").end().status, "exit status 0")
}

// checkArrives checks that a privileged container, which docker has made, is in the audit of
// the host and of the collector with who has done it, and behind the collector.
func (f *fleet) checkArrives(t *testing.T, behind *collected, audit, docker, name string) {
	t.Helper()
	await(t, "the spans", func() bool {
		text := behind.text()
		return strings.Contains(text, "ContainerCreate") && strings.Contains(text, name)
	})
	await(t, "the audit", func() bool { return strings.Contains(readFile(t, f.dir+"/audit.jsonl"), name) })
	writeFile(t, f.dir+"/received.jsonl", f.received(t))
	seen := 0
	for _, l := range append(auditLines(t, audit, 0), auditLines(t, f.dir+"/received.jsonl", 0)...) {
		if l.Operation != "ContainerCreate" {
			continue
		}
		check(t, "marks", marksOf([]auditLine{l}), "privileged")
		check(t, "client", l.Client.Name+" of "+l.Client.User+", "+l.Client.Exe, "docker of root, "+docker)
		seen++
	}
	check(t, "lines of it", seen, 2)
}

// received returns the lines of audits that the collector has.
func (f *fleet) received(t *testing.T) string {
	t.Helper()
	var lines strings.Builder
	for line := range strings.Lines(readFile(t, f.dir+"/audit.jsonl")) {
		var d struct {
			ResourceLogs []struct {
				ScopeLogs []struct {
					LogRecords []struct{ Body struct{ StringValue string } }
				}
			}
		}
		if err := json.Unmarshal([]byte(line), &d); err != nil {
			t.Fatal(err)
		}
		for _, r := range d.ResourceLogs {
			for _, s := range r.ScopeLogs {
				for _, l := range s.LogRecords {
					lines.WriteString(l.Body.StringValue + "\n")
				}
			}
		}
	}
	return lines.String()
}

// TestFleetAway: when what is behind the collector is away, and the collector has no room,
// hosts keep spans on disk; when it is back, all arrive.
func TestFleetAway(t *testing.T) {
	address, spool := freeAddress(t), filepath.Join(t.TempDir(), "spool")
	f := newFleet(t, false, "http://"+address, "queue_size: 200000000", "queue_size: 12000")
	told := ""
	demo := func() (sent, kept int64) {
		got := socktrace(t, environ(f.env...), "demo", "-q", "--otlp", "env", "--otlp-spool", spool).end()
		check(t, "status", got.status, "exit status 0")
		if strings.Contains(got.err, "not sent") || strings.Contains(got.err, "rejected") {
			t.Errorf("told %q", got.err)
		}
		told = got.err
		number := func(pattern string) (n int64) {
			if m := regexp.MustCompile(pattern).FindStringSubmatch(got.err); m != nil {
				n, _ = strconv.ParseInt(m[1], 10, 64)
			}
			return n
		}
		return number(`otlp: (\d+) spans? sent`), number(`spool: (\d+) span`)
	}
	var sent, kept int64
	for range 4 { // until there is no room
		n, k := demo()
		sent, kept = sent+n, k
		if kept > 0 {
			if !strings.Contains(told, "sending queue is full") {
				t.Errorf("told %q", told)
			}
			break
		}
	}
	if kept == 0 {
		t.Fatalf("nothing is kept, and %d are sent", sent)
	}
	b := newBackendAt(t, address)
	await(t, "what the collector had", func() bool { return b.spans.Load() >= sent })
	n, kept := demo()
	check(t, "kept", kept, 0)
	sent += n
	await(t, "all", func() bool { return b.spans.Load() >= sent })
	check(t, "spans", b.spans.Load(), sent)
}

// checkAlerts checks that the metrics that alerts.yaml goes by are served.
func checkAlerts(t *testing.T, address string) {
	t.Helper()
	answer, err := http.Get("http://" + address + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	served, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile(`\b(socktrace|http)_\w+`).FindAllString(fleetFile(t, "alerts.yaml"), -1)
	if len(names) < 5 {
		t.Errorf("only %q", names)
	}
	for _, name := range names {
		if !regexp.MustCompile(`(?m)\b` + name + `\b`).Match(served) {
			t.Errorf("no %s in\n%s", name, served)
		}
	}
}

// TestFleetCompose runs the container of docs/fleet.md before the daemon that runs it.
func TestFleetCompose(t *testing.T) {
	docker, compose := need.Program(t, "docker"), need.Program(t, "docker-compose")
	path, start := ownDockerd(t)
	behind := collectorFor(t, http.StatusOK)
	f := newFleet(t, false, behind.URL)
	start()
	audits, folder := t.TempDir(), t.TempDir()
	file := filepath.Join(folder, "compose.yaml")
	writeFile(t, file, fleetFile(t, "compose.yaml", "/run:/host/run", filepath.Dir(path)+":/host/run", "- /var/log/socktrace:", "- "+audits+":", "- /var/lib/socktrace:", "- "+t.TempDir()+":",
		"/etc/socktrace:/etc/socktrace:ro", f.host+":"+f.host+":ro", "/etc/socktrace/otlp.env", f.host+"/otlp.env", "127.0.0.1:9464", freeAddress(t)))
	writeFile(t, filepath.Join(folder, "Dockerfile"), fleetFile(t, "Dockerfile"))
	build := exec.Command("go", "build", "-o", filepath.Join(folder, "socktrace"), ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0") // as it is released: there are no libraries in the image
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	own := filepath.Join(filepath.Dir(path), ".docker.sock.socktrace")
	at := func(socket string) func(*exec.Cmd) { return environ("DOCKER_HOST=unix://"+socket, "DOCKER_BUILDKIT=0") }
	must := func(prepare func(*exec.Cmd), name string, args ...string) {
		t.Helper()
		if got := launch(t, prepare, name, args...).end(); got.status != "exit status 0" {
			t.Fatalf("%s: %s\n%s%s", args, got.status, got.out, got.err)
		}
	}
	t.Setenv("DOCKER_HOST", "unix://"+path)
	if err := importImage(cli{path: docker}); err != nil {
		need.Skip(t, "docker", err)
	}
	must(at(path), compose, "-f", file, "up", "-d", "--build")
	t.Cleanup(func() { // also if something fails: the daemon's own socket is there
		launch(t, at(own), compose, "-f", file, "down", "-t", "1").end()
	})
	await(t, "the place to be taken", func() bool { _, err := os.Lstat(own); return err == nil })
	name := uniqueName()
	must(at(path), docker, "create", "--privileged", "--name", name, testImage, "true")
	must(at(path), docker, "rm", "-f", name)
	f.checkArrives(t, behind, filepath.Join(audits, "audit.jsonl"), docker, name)
	must(at(own), compose, "-f", file, "down")
	must(at(path), docker, "version")
	if _, err := os.Lstat(own); err == nil {
		t.Error("the place was not given back")
	}
}
