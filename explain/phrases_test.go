package explain

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/dockerapi"
)

// TestPhrases: what messages mean is by what the daemon has written, not by what users have called
// something, and by what was asked for.
func TestPhrases(t *testing.T) {
	const oci = "failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: "
	for _, c := range []struct{ operation, message, means string }{
		{"ContainerList", "client version 1.99 is too new. Maximum supported API version is 1.51", "newer version"},
		{"ContainerList", "client version 1.12 is too old. Minimum supported API version is 1.24, please upgrade your client to a newer version", "older version"},
		{"ContainerStart", "driver failed programming external connectivity on endpoint x (abc): Bind for 0.0.0.0:80 failed: port is already allocated", "Another container has the port"},
		{"ContainerStart", "failed to set up container networking: driver failed programming external connectivity on endpoint x (abc): failed to bind host port for 0.0.0.0:80:172.17.0.2:80/tcp: address already in use", "Another program"},
		{"ContainerStart", "driver failed programming external connectivity on endpoint x (abc): Error starting userland proxy: listen tcp4 0.0.0.0:80: bind: address already in use", "Another program"},
		{"ContainerStart", oci + `exec: "nosuch": executable file not found in $PATH: unknown`, "no such command"},
		{"ContainerStart", oci + `exec: "/nosuch": stat /nosuch: no such file or directory: unknown`, "or what it needs"},
		{"ContainerStart", oci + `exec /x.sh: no such file or directory`, "or what it needs"},
		{"ContainerStart", oci + `exec: "/etc/passwd": permission denied: unknown`, "no right to run it"},
		{"ContainerStart", oci + `exec: "/x": exec format error`, "for this machine"},
		{"ContainerStart", "exec /x: exec format error", "for this machine"},
		{"ContainerStart", "unable to find user nosuch: no matching entries in passwd file", "no such user"},
		{"ContainerStart", "network nosuch not found", "The network"},
		{"ContainerStart", "failed to set up container networking: network plugin-net not found", "The network"},
		{"ContainerCreate", "invalid mode: bad", "volume"},
		{"ContainerCreate", "invalid volume specification: '/a:/b:bad'", "volume"},
		{"ContainerCreate", "Content-Type specified (text/plain) must be 'application/json'", "JSON"},
		{"ContainerCreate", "unsupported Content-Type header (text/plain): must be 'application/json'", "JSON"},
		{"ContainerCreate", "invalid character 'x' looking for beginning of value", "no JSON"},
		{"ContainerCreate", "invalid JSON: unexpected EOF", "no JSON"},
		{"ContainerCreate", "EOF", "no JSON"},
		{"ContainerCreate", `Conflict. The container name "/web" is already in use by container "abc". You have to remove (or rename) that container to be able to reuse that name.`, "has the name"},
		{"ImageCreate", "manifest for busybox:zz not found: manifest unknown: manifest unknown", "not this tag"},
		{"ImageCreate", "no matching manifest for linux/arm64/v8 in the manifest list entries: manifest unknown", "this architecture"},
		{"ImageCreate", "pull access denied for nosuch, repository does not exist or may require 'docker login'", "does not have the repository"},
		{"ImageCreate", "Get \"https://nosuch.invalid/v2/\": dial tcp: lookup nosuch.invalid on 10.0.0.1:53: no such host", "address of the registry"},
		{"ImageCreate", "Get \"https://localhost:1/v2/\": dial tcp 127.0.0.1:1: connect: connection refused", "Nobody listens"},
		{"NetworkDelete", "error while removing network: network plugin has active endpoints", "Containers are connected"},
		{"NetworkDelete", "bridge is a pre-defined network and cannot be removed", "every daemon has"},
		{"NetworkCreate", `could not find plugin nosuch in v1 plugin registry: plugin not found`, "no such plugin"},
		{"VolumeCreate", `error looking up volume plugin nosuch: plugin "nosuch" not found`, "no such plugin"},

		{"ContainerStart", "No such container: unauthorized-name", ""},
		{"ImageCreate", "pull of unauthorized-name failed", ""},
		{"ContainerArchive", "Could not find the file /exec/x in container y: no such file or directory", ""},
		{"NetworkInspect", "network plugin-net not found", ""},
		{"NetworkConnect", "network a not found", ""},
		{"ContainerInspect", "No such container: port is already allocated", ""},
		{"VolumeInspect", "get x: no such volume", ""},
		{"SystemAuth", "Get \"https://x/v2/\": unauthorized: incorrect username or password", ""},
		{"ContainerStart", "", ""},
	} {
		p := phraseIn(c.operation, c.message)
		if c.means == "" && p != nil || c.means != "" && (p == nil || !strings.Contains(p.means, c.means)) {
			t.Errorf("%s %q: got %+v, want %q", c.operation, c.message, p, c.means)
		}
	}
	for _, p := range phrases {
		for _, o := range p.of {
			if o != "ImagePull" && dockerapi.Named(o) == nil { // Podman's, without what tells it apart
				t.Errorf("%s: no such operation", o)
			}
		}
		if p.like != strings.ToLower(p.like) && !strings.Contains(p.like, `\S`) {
			t.Errorf("%s never matches", p.like)
		}
	}
}

// TestUnstarted: the exit code of a container whose start has failed is not that of a process.
func TestUnstarted(t *testing.T) {
	for _, c := range []struct {
		start int // the answer; 0: there is none yet
		code  int64
		want  string
	}{
		{404, 128, "could not be started: no process"}, {400, 127, "could not be started: no process"}, {0, 128, "could not be started, or"},
		{204, 127, "was not found"}, {204, 3, "The process itself"}, {0, 3, "The process itself"}, {404, 137, "SIGKILL"},
	} {
		s := newSession(t)
		conn := s.conn(1, 7, "docker")
		create := s.ask(conn, cliAgent, "POST", "/v1.41/containers/create")
		create.Subject.ID = anID
		s.answer(create, 201, "")
		wait := s.ask(s.conn(2, 7, "docker"), cliAgent, "POST", "/v1.41/containers/"+anID+"/wait?condition=removed")
		start := s.ask(conn, cliAgent, "POST", "/v1.41/containers/"+anID+"/start")
		if c.start != 0 {
			s.answer(start, c.start, map[bool]string{true: "network x not found"}[c.start >= 400])
		}
		wait.Outcome.Exit = &c.code
		s.answer(wait, 200, "")
		m := wait.Said.Answer
		if m == nil || !strings.Contains(m.Means, c.want) || strings.Contains(m.Try, "docker inspect") {
			t.Errorf("%+v: got %+v", c, m)
		}
		if start.Said.Answer != nil && (!strings.HasPrefix(start.Said.Answer.Prints, "docker: Error response from daemon: ") || !strings.Contains(start.Said.Answer.Means, "network")) {
			t.Errorf("%+v: got %+v", c, start.Said.Answer)
		}
	}
}
