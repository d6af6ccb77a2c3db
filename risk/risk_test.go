package risk_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/risk"
	"github.com/socktrace/socktrace/wire"
)

const socket = "/srv/daemon/docker.sock"

// request returns a request as decoders tell it: a line, with fields behind it.
func request(t *testing.T, line string) *wire.Request {
	t.Helper()
	head, fields, _ := strings.Cut(line, "\n")
	method, target, ok := strings.Cut(head, " ")
	if !ok {
		t.Fatalf("no request: %q", line)
	}
	call, _ := dockerapi.Match(method, target)
	q := &wire.Request{Method: method, Target: target, Call: call.Told()}
	if q.Call.Operation == "GRPCMethod" { // decoders call it as its path
		q.Call.Operation = target[strings.LastIndexByte(target[:strings.LastIndexByte(target, '/')], '.')+1:]
	}
	for field := range strings.SplitSeq(fields, "\n") {
		if name, value, ok := strings.Cut(field, ": "); ok {
			q.Fields = append(q.Fields, wire.Field{Name: name, Value: value})
		}
	}
	return q
}

// judged returns the marks of a request with a document, each once, sorted.
func judged(t *testing.T, line, doc string) []string {
	t.Helper()
	q := request(t, line)
	all := risk.Request(q, socket)
	if doc != "" {
		all = append(all, risk.Document(q.Call.Operation, q.Target, []byte(doc), false, socket)...)
	}
	var marks []string
	for _, r := range all {
		if !slices.Contains(risk.Marks, r.Mark) || r.Why == "" || len(r.Why) > 210 {
			t.Errorf("%s: no risk: %+v", line, r)
		}
		marks = append(marks, r.Mark)
	}
	slices.Sort(marks)
	return slices.Compact(marks)
}

const (
	create  = "POST /v1.47/containers/create?name=x"
	libpod  = "POST /v5.0.0/libpod/containers/create"
	pod     = "POST /v5.0.0/libpod/pods/create"
	service = "POST /v1.47/services/create"
	volume  = "POST /v1.47/volumes/create"
	exec    = "POST /v1.47/containers/web/exec"
)

// host returns a document of a container with this HostConfig.
func host(config string) string { return `{"Image":"busybox","HostConfig":{` + config + `}}` }

var dangerous = []struct {
	line, doc string
	marks     string // sorted
}{
	{create, host(`"Privileged":true`), "privileged"},
	{create, host(`"privileged":true`), "privileged"},
	{create, host(`"Priv\u0069leged":true`), "privileged"},
	{create, host(`"Privileged":true,"Privileged":false`), "privileged"},
	{create, host(`"Privileged":false,"PRIVILEGED":true`), "privileged"},
	{create, `{"HostConfig":{"Privileged":true},"HostConfig":{}}`, "privileged"},
	{create, `{"hostconfig":{"privileged" : true}}`, "privileged"},
	{create, `{"HoſtConfig":{"Privileged":true}}`, "privileged"},
	{create, `{"Image":"x","Privileged":true}`, "privileged"},
	{create, host(`"PidMode":"host"`), "host-pid"},
	{create, host(`"NetworkMode":"host"`), "host-network"},
	{create, `{"NetworkingConfig":{"EndpointsConfig":{"host":{}}}}`, "host-network"},
	{create, host(`"IpcMode":"host"`), "host-ipc"},
	{create, host(`"UTSMode":"host"`), "host-uts"},
	{create, host(`"UsernsMode":"host"`), "host-userns"},
	{create, host(`"CgroupnsMode":"host"`), "host-cgroup"},
	{create, host(`"Binds":["/:/host"]`), "bind-root"},
	{create, host(`"Binds":["//:/host:ro"]`), "bind-root"},
	{create, host(`"Binds":["/./:/host"]`), "bind-root"},
	{create, host(`"Binds":["/tmp/..:/host"]`), "bind-root"},
	{create, host(`"Binds":["\u002f:/host"]`), "bind-root"},
	{create, host(`"Binds":["a:/a","/../:/host:rw,rslave"]`), "bind-root"},
	{create, host(`"binds":["/var/run/docker.sock:/var/run/docker.sock:ro"]`), "bind-socket"},
	{create, host(`"Binds":["/run//docker.sock:/s"]`), "bind-socket"},
	{create, host(`"Binds":["/srv/daemon/docker.sock:/s"]`), "bind-socket"},
	{create, host(`"Binds":["/srv/x/../daemon:/d"]`), "bind-socket"},
	{create, host(`"Binds":["/srv:/d"]`), "bind-socket"},
	{create, host(`"Binds":["/run/user/1000/podman/podman.sock:/s"]`), "bind-socket"},
	{create, host(`"Binds":["/etc:/e"]`), "bind-sensitive"},
	{create, host(`"Binds":["/etc/./shadow:/e:ro"]`), "bind-sensitive"},
	{create, host(`"Binds":["/usr/../etc/cron.d:/e"]`), "bind-sensitive"},
	{create, host(`"Binds":["/etc/localtime:/etc/localtime"]`), "bind-sensitive"},
	{create, host(`"Binds":["/home:/h"]`), "bind-sensitive"},
	{create, host(`"Binds":["/home/me:/h"]`), "bind-sensitive"},
	{create, host(`"Binds":["/home/me/.ssh:/h:ro"]`), "bind-sensitive"},
	{create, host(`"Binds":["/root/.docker/config.json:/c"]`), "bind-sensitive"},
	{create, host(`"Binds":["/var/lib/docker/volumes:/v"]`), "bind-sensitive"},
	{create, host(`"Binds":["/proc/1/root:/r"]`), "bind-sensitive"},
	{create, host(`"Binds":["/var/run:/r"]`), "bind-sensitive"},
	{create, host(`"Binds":["/host_mnt/etc:/r"]`), "bind-sensitive"},
	{create, host(`"Binds":["C:\\:C:\\host"]`), "bind-sensitive"},
	{create, host(`"Binds":["[masked 9 bytes #1a]:/x"]`), "unjudged"},
	{create, host(`"Mounts":[{"Type":"bind","Source":"/","Target":"/h"}]`), "bind-root"},
	{create, host(`"Mounts":[{"type":"BIND","SOURCE":"/boot/","Target":"/h"}]`), "bind-sensitive"},
	{create, host(`"Mounts":[{"Type":"volume","Type":"bind","Source":"/sys","Target":"/h"}]`), "bind-sensitive"},
	{create, host(`"Mounts":[{"Type":"bind","Source":"/x","Source":"/dev","Target":"/h"}]`), "bind-sensitive"},
	{create, host(`"Mounts":[{"Type":"npipe","Source":"\\\\.\\pipe\\docker_engine","Target":"x"}]`), "bind-socket"},
	{create, host(`"Mounts":[{"Type":"volume","Target":"/h","VolumeOptions":{"DriverConfig":{"Name":"local","Options":{"type":"none","o":"bind","device":"/etc"}}}}]`), "bind-sensitive volume-bind"},
	{create, host(`"CapAdd":["SYS_ADMIN"]`), "cap-add"},
	{create, host(`"CapAdd":["cap_sys_ptrace"]`), "cap-add"},
	{create, host(`"CapAdd":"ALL"`), "cap-add"},
	{create, host(`"CapAdd":["all"]`), "cap-add"},
	{create, host(`"CapAdd":["CAP_FROM_THE_FUTURE"]`), "cap-add"},
	{create, host(`"Devices":[{"PathOnHost":"/dev/sda","PathInContainer":"/dev/x","CgroupPermissions":"rwm"}]`), "device"},
	{create, host(`"DeviceRequests":[{"Driver":"","Count":-1,"Capabilities":[["gpu"]]}]`), "device"},
	{create, host(`"DeviceCgroupRules":["a *:* rwm"]`), "device"},
	{create, host(`"SecurityOpt":["seccomp=unconfined"]`), "security-opt-off"},
	{create, host(`"SecurityOpt":["seccomp:unconfined"]`), "security-opt-off"},
	{create, host(`"SecurityOpt":["apparmor=unconfined"]`), "security-opt-off"},
	{create, host(`"SecurityOpt":["label=disable"]`), "security-opt-off"},
	{create, host(`"SecurityOpt":["label:type:spc_t"]`), "security-opt-off"},
	{create, host(`"SecurityOpt":["no-new-privileges=false"]`), "security-opt-off"},
	{create, host(`"SecurityOpt":["seccomp={\"defaultAction\":\"SCMP_ACT_ALLOW\"}"]`), "security-opt-off"},
	{create, host(`"MaskedPaths":[],"ReadonlyPaths":[]`), "security-opt-off"},
	{create, host(`"Privileged":true,"PidMode":"host","Binds":["/:/h"]`), "bind-root host-pid privileged"},
	{create, `[1]`, "unjudged"},
	{"POST /v1.20/containers/web/start", `{"Privileged":true}`, "privileged"},
	{"POST /v1.20/containers/web/start", `{"Binds":["/:/h"]}`, "bind-root"},
	{"POST /v1.47/containers/web/update", `{"Memory":1}`, "update"},
	{"POST /v1.47/containers/web/update", `{"Devices":[{"PathOnHost":"/dev/sda"}]}`, "device update"},
	{exec, `{"Cmd":["sh"]}`, "exec"},
	{exec, `{"Cmd":["sh"],"Privileged":true,"User":"root"}`, "exec privileged"},
	{"POST /v1.47/exec/1/start", `{}`, "exec"},
	{"GET /v1.47/containers/web/archive?path=/etc/shadow", "", "archive-out"},
	{"PUT /v1.47/containers/web/archive?path=/", "", "archive-in"},
	{"GET /v1.47/containers/web/export", "", "export"},
	{"GET /v1.47/images/get?names=x", "", "export"},
	{"GET /v1.47/images/busybox/get", "", "export"},
	{"POST /v1.47/commit?container=web", "{}", "commit"},
	{"POST /v1.47/images/create?fromImage=ghcr.io/x/y&tag=1", "", "image-elsewhere"},
	{"POST /v1.47/images/create?fromImage=localhost:5000%2Fx", "", "image-elsewhere"},
	{"POST /v1.47/images/create?fromImage=busybox&fromImage=evil.example/x", "", "image-elsewhere"},
	{"POST /v1.47/images/create?fromSrc=http://evil.example/x.tar", "", "image-elsewhere"},
	{"POST /v1.47/images/create?fromSrc=-", "", "image-elsewhere"},
	{"POST /v1.47/images/create\nContent-Type: application/x-www-form-urlencoded", "", "unjudged"},
	{"POST /v1.47/images/load", "", "image-elsewhere"},
	{"POST /v1.47/images/create?fromImage=busybox\nX-Registry-Auth: eyJ1c2VybmFtZSI6InUifQ==", "", "secret-sent"},
	{"POST /v1.47/auth", `{}`, "secret-sent"},
	{"POST /v1.47/secrets/create", `{}`, "secret-sent"},
	{"GET /v1.47/secrets/x", "", "secret-read"},
	{"GET /v1.47/configs/x", "", "secret-read"},
	{"GET /v1.47/swarm", "", "secret-read"},
	{"GET /v1.47/swarm/unlockkey", "", "secret-read"},
	{"POST /v1.47/swarm/init", "{}", "swarm"},
	{"POST /v1.47/swarm/join", "{}", "swarm"},
	{"POST /v1.47/nodes/x/update?version=1", "{}", "swarm"},
	{"POST /v1.47/plugins/pull?remote=x", "[]", "plugin"},
	{"POST /v1.47/plugins/x/enable", "", "plugin"},
	{"POST /v1.47/networks/host/connect", `{}`, "host-network"},
	{service, `{"TaskTemplate":{"ContainerSpec":{"Image":"nginx","Mounts":[{"Type":"bind","Source":"/"}]}}}`, "bind-root"},
	{service, `{"TaskTemplate":{"ContainerSpec":{"Image":"evil.example/x","CapabilityAdd":["CAP_SYS_MODULE"]},"Networks":[{"Target":"host"}]}}`, "cap-add host-network image-elsewhere"},
	{service, `{"TaskTemplate":{"ContainerSpec":{"Privileges":{"Seccomp":{"Mode":"unconfined"}}}}}`, "security-opt-off"},
	{service, `{"TaskTemplate":{"ContainerSpec":{"Privileges":{"SELinuxContext":{"Disable":true}}}}}`, "security-opt-off"},
	{volume, `{"Name":"x","Driver":"local","DriverOpts":{"type":"none","o":"bind","device":"/"}}`, "bind-root volume-bind"},
	{volume, `{"Name":"x","DriverOpts":{"Type":"nfs","o":"rw,bind","device":"/srv/data"}}`, "volume-bind"},
	{volume, `{"Name":"x","DriverOpts":{"type":"ext4","device":"/dev/sda1"}}`, "device"},
	{volume, `{"Name":"x","Driver":"local","DriverOpts":{"type":"overlay","o":"lowerdir=/root,upperdir=/tmp/u,workdir=/tmp/w","device":"overlay"}}`, "bind-sensitive volume-bind"},
	{"POST /v1.47/build?networkmode=host", "", "host-network"},
	{"POST /v1.47/build?securityopt=%5B%22seccomp%3Dunconfined%22%5D", "", "security-opt-off"},
	{"POST /v5.0.0/libpod/build?volume=/etc:/e&addcaps=%5B%22ALL%22%5D", "", "bind-sensitive cap-add"},
	{"POST /v5.0.0/libpod/build?nsoptions=%5B%7B%22Name%22:%22network%22,%22Host%22:true%7D%5D", "", "host-network"},
	{"POST /moby.buildkit.v1.Control/Solve", `{"Entitlements":["security.insecure","network.host"]}`, "host-network privileged"},
	{"POST /moby.buildkit.v1.Control/Solve", `{"FrontendAttrs":{"force-network-mode":"host"}}`, "host-network"},
	{"POST /moby.buildkit.secrets.v1.Secrets/GetSecret", "", "secret-read"},
	{"POST /moby.filesync.v1.Auth/Credentials", "", "secret-sent"},
	{"POST /runtime.v1.RuntimeService/CreateContainer", "", "unjudged"},
	{"POST /v1.47/containers/web/nuke", "", "unjudged"},
	{libpod, `{"privileged":true}`, "privileged"},
	{libpod, `{"pidns":{"nsmode":"host"},"netns":{"nsmode":"host"}}`, "host-network host-pid"},
	{libpod, `{"ipcns":{"nsmode":"host"},"utsns":{"nsmode":"host"},"userns":{"nsmode":"host"},"cgroupns":{"nsmode":"host"}}`, "host-cgroup host-ipc host-userns host-uts"},
	{libpod, `{"mounts":[{"type":"bind","source":"/","destination":"/h","options":["ro"]}]}`, "bind-root"},
	{libpod, `{"overlay_volumes":[{"source":"/etc","destination":"/e"}]}`, "bind-sensitive"},
	{libpod, `{"cap_add":["SYS_ADMIN"],"devices":[{"path":"/dev/sda"}]}`, "cap-add device"},
	{libpod, `{"seccomp_profile_path":"unconfined","apparmor_profile":"unconfined","selinux_opts":["disable"],"unmask":["ALL"]}`, "security-opt-off"},
	{libpod, `{"rootfs":"/"}`, "bind-root"},
	{pod, `{"netns":{"nsmode":"host"}}`, "host-network"},
	{"POST /v5.0.0/libpod/images/pull?reference=quay.io/x", "", "image-elsewhere"},
	{"POST /v5.0.0/libpod/play/kube", "", "unjudged"},
}

// TestDangerous: each has its marks, and no others.
func TestDangerous(t *testing.T) {
	for _, d := range dangerous {
		if got := strings.Join(judged(t, d.line, d.doc), " "); got != d.marks {
			t.Errorf("%s %s:\n got %q\nwant %q", d.line, d.doc, got, d.marks)
		}
	}
}

// TestMarks: every mark is reached by a request.
func TestMarks(t *testing.T) {
	seen := make(map[string]bool)
	for _, d := range dangerous {
		for mark := range strings.FieldsSeq(d.marks) {
			seen[mark] = true
		}
	}
	for _, mark := range risk.Marks {
		if !seen[mark] {
			t.Errorf("no request is %s", mark)
		}
	}
}

// TestCut says that a document is not all there, and judges what is.
func TestCut(t *testing.T) {
	for doc, want := range map[string]int{host(`"Privileged":true,"Binds":["/`): 1, `{"HostConfig":{"Privileged":true},"Labels":{"x`: 2, "": 1} {
		got := risk.Document("ContainerCreate", "", []byte(doc), true, "")
		if len(got) != want || got[0].Mark != risk.Unjudged || want == 2 && got[1].Mark != risk.Privileged {
			t.Errorf("%s: %v", doc, got)
		}
	}
}

// TestMany: what is told of a request is bounded, and says so.
func TestMany(t *testing.T) {
	var binds []string
	for range 1000 {
		binds = append(binds, `"/etc/x`+strings.Repeat("y", len(binds))+`:/e"`)
	}
	got := risk.Document("ContainerCreate", "", []byte(host(`"Binds":[`+strings.Join(binds, ",")+`]`)), false, "")
	if len(got) != 32 || got[31].Mark != risk.Unjudged {
		t.Errorf("%d risks, the last %v", len(got), got[len(got)-1])
	}
}

// FuzzDocument: whatever a document is, judging it ends.
func FuzzDocument(f *testing.F) {
	for _, d := range dangerous {
		f.Add(d.doc)
	}
	for _, h := range harmless {
		f.Add(h.doc)
	}
	operations := []string{"ContainerCreate", "ContainerCreateLibpod", "ServiceCreate", "VolumeCreate", "ContainerExec", "ContainerStart"}
	f.Fuzz(func(t *testing.T, doc string) {
		for _, op := range operations {
			for _, cut := range []bool{false, true} {
				got := risk.Document(op, "", []byte(doc), cut, socket)
				if len(got) > 32 || cut && (len(got) == 0 || got[0].Mark != risk.Unjudged) {
					t.Errorf("%s: %v", op, got)
				}
			}
		}
		risk.Document("GRPCMethod", "/moby.buildkit.v1.Control/Solve", []byte(doc), false, "")
	})
}
