//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/socktrace/socktrace/internal/need"
)

// risky are docker commands with the marks that they have. In args {c} is a container that
// runs, {n} a new name, {i} testImage, {f} a file, {d} the daemon's socket, {l} a folder to
// build from.
var risky = []struct{ args, marks string }{
	{"create --name {n} --privileged {i}", "privileged"},
	{"create --name {n} --pid host {i}", "host-pid"},
	{"create --name {n} --network host {i}", "host-network"},
	{"create --name {n} --ipc host {i}", "host-ipc"},
	{"create --name {n} --uts host {i}", "host-uts"},
	{"create --name {n} --userns host {i}", "host-userns"},
	{"create --name {n} -v /:/host {i}", "bind-root"},
	{"create --name {n} -v /usr/..:/host:ro {i}", "bind-root"},
	{"create --name {n} --mount type=bind,source=/,target=/host {i}", "bind-root"},
	{"create --name {n} -v /var/run/docker.sock:/var/run/docker.sock {i}", "bind-socket"},
	{"create --name {n} -v {d}:/docker.sock {i}", "bind-socket"},
	{"create --name {n} -v /etc:/host/etc:ro {i}", "bind-sensitive"},
	{"create --name {n} --mount type=bind,source=/root,target=/r,readonly {i}", "bind-sensitive"},
	{"create --name {n} -v /proc:/p -v /sys:/s {i}", "bind-sensitive"},
	{"create --name {n} --cap-add SYS_ADMIN {i}", "cap-add"},
	{"create --name {n} --cap-add all {i}", "cap-add"},
	{"create --name {n} --cap-add cap_sys_ptrace --cap-add net_bind_service {i}", "cap-add"},
	{"create --name {n} --device /dev/null:/dev/x {i}", "device"},
	{"create --name {n} --device-cgroup-rule {a} {i}", "device"},
	{"create --name {n} --security-opt seccomp=unconfined {i}", "security-opt-off"},
	{"create --name {n} --security-opt apparmor=unconfined {i}", "security-opt-off"},
	{"create --name {n} --security-opt label=disable {i}", "security-opt-off"},
	{"create --name {n} --security-opt systempaths=unconfined {i}", "security-opt-off"},
	{"create --name {n} --privileged --pid host --network host -v /:/host {i}", "bind-root host-network host-pid privileged"},
	{"exec {c} true", "exec"},
	{"exec --privileged -u root {c} true", "exec privileged"},
	{"cp {c}:/etc -", "archive-out"},
	{"cp {f} {c}:/tmp/x", "archive-in"},
	{"export {c}", "export"},
	{"save {i}", "export"},
	{"commit {c} {n}", "commit"},
	{"import {f} {n}", "image-elsewhere"},
	{"load -i {f}", "image-elsewhere"},
	{"pull 127.0.0.1:1/nothing", "image-elsewhere"},
	{"update --memory 64m --memory-swap 64m {c}", "update"},
	{"swarm join --token x 127.0.0.1:1", "swarm"},
	{"plugin install --grant-all-permissions 127.0.0.1:1/nothing", "plugin"},
	{"volume create --name {n} -d local -o type=none -o o=bind -o device=/etc", "bind-sensitive volume-bind"},
	{"build --network host -t {n} {l}", "host-network"},
}

// everyday are docker commands without any.
var everyday = []string{
	"ps -a", "images", "version", "info", "volume ls", "network ls", "inspect {c}", "logs {c}", "top {c}", "port {c}", "diff {c}",
	"stats --no-stream {c}", "system df", "history {i}", "inspect {i}", "network inspect bridge", "events --since 1s --until 0s",
	"create --name {n} {i}", "create --name {n} --network none --memory 64m {i} echo hi", "create --name {n} -v {t}:/work -w /work {i}",
	"create --name {n} -v data-{n}:/data --read-only --cap-drop ALL {i}", "create --name {n} --security-opt no-new-privileges {i}",
	"create --name {n} --cap-add NET_BIND_SERVICE -p 127.0.0.1:8080:80 {i}", "create --name {n} -v /etc/localtime:/etc/localtime:ro {i}",
	"create --name {n} --tmpfs /run --shm-size 1m --user 1000 -e A=b -l c=d {i}", "create --name {n} --mount type=volume,source=data-{n},target=/d {i}",
	"create --name {n} --pid container:{c} --restart on-failure:3 --hostname host {i}",
	"run --name {n} --network none {i} echo hi", "pause {c}", "unpause {c}", "rename {c} {c}", "tag {i} {n}", "rmi {n}", "kill -s CONT {c}",
	"volume create data-{n}", "volume create -o type=tmpfs -o device=tmpfs -o o=size=1m {n}-t", "volume inspect data-{n}", "volume rm data-{n} {n}-t",
	"network create --internal {n}", "network inspect {n}", "network rm {n}", "build -t {n} {l}", "rmi {n}", "container prune -f --filter label=nothing={n}", "restart -t 0 {c}", "stop -t 0 {c}", "start {c}",
}

// audited is a daemon with an audit before it.
type audited struct {
	*listener
	file  string
	lines int // that were looked at
}

// audits stands before the daemon of the tests.
func audits(t *testing.T, flags ...string) *audited {
	t.Helper()
	daemon := strings.TrimPrefix(os.Getenv("DOCKER_HOST"), "unix://")
	if !strings.HasPrefix(daemon, "/") {
		need.Skip(t, "docker", fmt.Errorf("DOCKER_HOST=%q is no unix socket", os.Getenv("DOCKER_HOST")))
	}
	a := &audited{file: filepath.Join(t.TempDir(), "audit.jsonl")}
	a.listener = listenWith(t, nil, daemon, append([]string{"-q", "--audit", a.file}, flags...)...)
	return a
}

// next returns the lines that have come since it was asked last. They are there when a
// client has its answer.
func (a *audited) next() []auditLine {
	a.t.Helper()
	all := auditLines(a.t, a.file, a.lines)
	a.lines += len(all)
	return all
}

// TestAuditDocker runs commands of the docker CLI through an audit: the dangerous ones have
// their marks, and everyday ones have none.
func TestAuditDocker(t *testing.T) {
	for i, docker := range dockers(t) {
		if i > 0 && testing.Short() {
			break
		}
		t.Run(docker.version, func(t *testing.T) {
			a := audits(t)
			container := docker.container(t, "sleep", "600")
			folder := buildFolder(t)
			notes := filepath.Join(t.TempDir(), "notes.txt")
			if err := os.WriteFile(notes, []byte("notes\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			run := func(args, name string) []auditLine {
				r := strings.NewReplacer("{c}", container, "{n}", name, "{i}", testImage, "{f}", notes, "{t}", filepath.Dir(notes), "{l}", folder,
					"{d}", strings.TrimPrefix(os.Getenv("DOCKER_HOST"), "unix://"), "{a}", "c 1:3 mr")
				words := strings.Fields(args)
				for i := range words {
					words[i] = r.Replace(words[i])
				}
				a.next()
				launch(t, environ("DOCKER_HOST=unix://"+a.path, "DOCKER_BUILDKIT=0"), docker.path, words...).end()
				return a.next()
			}
			for _, c := range risky {
				name := uniqueName()
				got := run(c.args, name)
				_ = exec.Command(docker.path, "rm", "-f", name).Run()
				_ = exec.Command(docker.path, "rmi", "-f", name).Run()
				_ = exec.Command(docker.path, "volume", "rm", "-f", name).Run()
				if marks := marksOf(got); marks != c.marks {
					t.Errorf("docker %s: %q, want %q\n%+v", c.args, marks, c.marks, got)
				}
				if len(got) > 0 && got[0].Client.Name != "docker" {
					t.Errorf("docker %s: by %+v", c.args, got[0].Client)
				}
			}
			name := uniqueName()
			for _, args := range everyday {
				if got := run(args, name); marksOf(got) != "" {
					t.Errorf("docker %s: %q\n%+v", args, marksOf(got), got)
				}
				_ = exec.Command(docker.path, "rm", "-f", name).Run()
			}
			for _, left := range [][]string{{"rmi", "-f", name}, {"volume", "rm", "-f", "data-" + name, name + "-t"}, {"network", "rm", name}} {
				_ = exec.Command(docker.path, left...).Run()
			}
			a.stop(syscall.SIGTERM)
			verifies(t, a.file)
		})
	}
}

// TestAuditDockerPy does the same with docker-py.
func TestAuditDockerPy(t *testing.T) {
	docker := dockers(t)[0]
	const script = `
import docker, sys
c = docker.from_env()
web, name = sys.argv[1], sys.argv[2]
def do(f):
    print("#", flush=True)
    sys.stdin.readline()
    try:
        r = f()
        if hasattr(r, "remove") and "busybox" not in str(getattr(r, "tags", "")): r.remove(force=True)
    except docker.errors.APIError as e:
        pass
create = lambda **kw: c.containers.create("` + testImage + `", "true", name=name, **kw)
for f in [
    lambda: create(privileged=True),
    lambda: create(volumes={"/": {"bind": "/host", "mode": "ro"}}),
    lambda: create(mounts=[docker.types.Mount("/s", "/var/run/docker.sock", type="bind")]),
    lambda: create(cap_add=["SYS_ADMIN"], security_opt=["seccomp=unconfined"]),
    lambda: create(pid_mode="host", network_mode="host"),
    lambda: create(devices=["/dev/null:/dev/x:r"]),
    lambda: c.containers.get(web).exec_run("true", privileged=True).exit_code and None,
    lambda: [b"".join(x) for x in [c.containers.get(web).get_archive("/etc")[0]]] and None,
    lambda: c.containers.get(web).put_archive("/tmp", b"\0" * 10240) and None,
    lambda: create(),
    lambda: create(volumes={"data": {"bind": "/data"}}, mem_limit="64m", environment={"A": "b"}),
    lambda: [x.status for x in c.containers.list(all=True)] and None,
    lambda: c.containers.get(web).logs() and None,
]: do(f)
`
	want := []string{"privileged", "bind-root", "bind-socket", "cap-add security-opt-off", "host-network host-pid", "device", "exec privileged", "archive-out", "archive-in", "", "", "", ""}
	for _, py := range pythons(t) {
		a := audits(t)
		web := docker.container(t, "sleep", "600")
		cmd := exec.Command(py.path, "-c", script, web, uniqueName())
		cmd.Env = append(os.Environ(), "DOCKER_HOST=unix://"+a.path)
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		var out syncBuffer
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for i := range want {
			out.await(t, strings.Repeat("#\n", i+1))
			if i > 0 {
				if got := marksOf(a.next()); got != want[i-1] {
					t.Errorf("docker-py %s, step %d: %q, want %q", py.version, i, got, want[i-1])
				}
			} else {
				a.next()
			}
			fmt.Fprintln(in)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("%v: %s", err, out.String())
		}
		if got := marksOf(a.next()); got != want[len(want)-1] {
			t.Errorf("the last: %q", got)
		}
	}
}

// TestAuditContainer: of a client inside a container the audit has that, and who started it.
func TestAuditContainer(t *testing.T) {
	docker := dockers(t)[0]
	path, err := exec.LookPath(docker.path)
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("ldd", path).CombinedOutput(); err == nil {
		need.Skip(t, "a static docker", string(out))
	}
	a := audits(t)
	name, volume := uniqueName(), uniqueName()
	id := docker.must(t, "create", "--name", name, "--network", "none", "-v", path+":/bin/docker:ro", "-v", a.path+":/s.sock", testImage,
		"sh", "-c", "/bin/docker -H unix:///s.sock volume create "+volume+"; sleep 600")
	t.Cleanup(func() {
		_ = exec.Command(docker.path, "rm", "-f", name).Run()
		_ = exec.Command(docker.path, "volume", "rm", "-f", volume).Run()
	})
	docker.must(t, "start", name)
	var got []auditLine
	await(t, "a line", func() bool {
		for _, l := range a.next() {
			if l.Operation == "VolumeCreate" {
				got = append(got, l)
			}
		}
		return len(got) > 0
	})
	c := got[0].Client
	if c.Name != "docker" || len(c.Parents) < 2 || c.Parents[0].Name != "sh" {
		t.Fatalf("%+v", c)
	}
	if cgroup, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cgroup", c.Parents[0].PID)); !strings.Contains(string(cgroup), id) {
		need.Skip(t, "control groups", fmt.Errorf("the container is in none of its own: %q", cgroup))
	}
	check(t, "container", c.Container.ID, id)
	check(t, "runtime", c.Container.Runtime, "docker")
}
