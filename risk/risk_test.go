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

// known is what is known of the daemon that is asked.
var known = risk.Known{
	Sockets: []string{"/cache/trace/d.sock", "/data/run/.engine.sock.socktrace", socket},
	Hosts:   []string{"bb6787f4e411a97e2bb3ab360e1d2692dc79e755f4d41a213ed288d6130c1cc3", "o0ai9t5qj1i2hsx2xwzp3avpi"},
}

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
	all := risk.Request(q, known)
	if doc != "" {
		all = append(all, risk.Document(q.Call.Operation, q.Target, []byte(doc), false, known)...)
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
	{create, host(`"Binds":["/home/me/.zshrc:/c"]`), "bind-sensitive"},
	{create, host(`"Binds":["/home/me/.bash_profile:/c"]`), "bind-sensitive"},
	{create, host(`"Binds":["/var/backups:/c:ro"]`), "bind-sensitive"},
	{create, host(`"Binds":["/var/lib/dpkg/info:/c"]`), "bind-sensitive"},
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
	{create, host(`"Mounts":[{"Type":"","Source":"/","Target":"/h"}]`), "bind-root"},
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

	// Sockets that lead to the daemon.
	{create, host(`"Binds":["/cache/trace/d.sock:/s"]`), "bind-socket"},
	{create, host(`"Binds":["/cache/trace:/s"]`), "bind-socket"},
	{create, host(`"Binds":["/cache:/s:ro"]`), "bind-socket"},
	{create, host(`"Binds":["/data/run/.engine.sock.socktrace:/s"]`), "bind-socket"},
	{create, host(`"Binds":["/data/run/engine.sock:/s"]`), "bind-socket"},
	{create, host(`"Mounts":[{"Type":"bind","Source":"/data/run","Target":"/s"}]`), "bind-socket"},
	{create, host(`"Binds":["/opt/.other.sock.socktrace:/s"]`), "bind-socket"},

	// Networks by their ids, namespaces by their paths.
	{create, host(`"NetworkMode":"bb6787f4e411a97e2bb3ab360e1d2692dc79e755f4d41a213ed288d6130c1cc3"`), "host-network"},
	{create, `{"NetworkingConfig":{"EndpointsConfig":{"bb6787f4e411":{}}}}`, "host-network"},
	{"POST /v1.47/networks/bb6787f4e411a97e2bb3ab360e1d2692dc79e755f4d41a213ed288d6130c1cc3/connect", `{}`, "host-network"},
	{"POST /v1.47/networks/bb6787/connect", `{}`, "host-network"},
	{service, `{"TaskTemplate":{"Networks":[{"Target":"o0ai9t5qj1i2hsx2xwzp3avpi"}]}}`, "host-network"},
	{service, `{"Networks":[{"Target":"o0ai9t5qj1i2hsx2xwzp3avpi"}]}`, "host-network"},
	{"POST /v1.47/services/web/update?version=1", `{"TaskTemplate":{"Networks":[{"Target":"o0ai9t5qj1i2hsx2xwzp3avpi"}]}}`, "host-network"},
	{create, host(`"PidMode":"ns:/proc/1/ns/pid"`), "host-pid"},
	{create, host(`"NetworkMode":"ns:/proc/1/ns/net"`), "host-network"},
	{create, host(`"IpcMode":"ns:/proc/1/ns/ipc","UTSMode":"ns:/proc/1/ns/uts"`), "host-ipc host-uts"},
	{create, host(`"UsernsMode":"ns:/proc/1/ns/user","CgroupnsMode":"ns:/proc/1/ns/cgroup"`), "host-cgroup host-userns"},
	{create, host(`"PidMode":"[masked 4 bytes #1a]"`), "unjudged"},

	// Members of one name.
	{create, host(`"Mounts":[{"Type":"tmpfs","Source":"/etc"}],"Mounts":[{"Type":"bind"}]`), "bind-sensitive"},
	{create, host(`"Mounts":[{"Source":"/"},{"Type":"volume"}],"mounts":[{"Type":"bind"}]`), "bind-root"},
	{create, host(`"Mounts":[{},{"Type":"tmpfs","Source":"/"}],"Mounts":[{}],"Mounts":[{},{"Type":"bind"}]`), "bind-root"},
	{create, `{"HostConfig":{"Mounts":[{"Type":"tmpfs","Source":"/etc"}]},"hostCONFIG":{"Mounts":[{"Type":"bind"}]}}`, "bind-sensitive"},
	{create, host(`"Mounts":[{"Type":"bind","Source":"/etc/hosts","ReadOnly":true,"readonly":false}]`), "bind-sensitive"},
	{create, host(`"Mounts":[{"Type":"bind","Source":"/etc/hosts","ReadOnly":false,"ReadOnly":null}]`), "bind-sensitive"},
	{create, host(`"Mounts":[{"Type":"volume","VolumeOptions":{"DriverConfig":{"Name":"local","Options":{"device":"/etc"}}}}],"Mounts":[{"VolumeOptions":{"DriverConfig":{"Options":{"type":"none","o":"bind"}}}}]`), "bind-sensitive volume-bind"},
	{create, host(`"Binds":["/:/x"],"Binds":[null]`), "bind-root"},
	{volume, `{"DriverOpts":{"device":"/etc"},"DriverOpts":{"type":"nfs"},"driveropts":{"o":"bind"}}`, "bind-sensitive volume-bind"},
	{service, `{"TaskTemplate":{"ContainerSpec":{"Mounts":[{"Type":"tmpfs","Source":"/etc"}]}},"TaskTemplate":{"ContainerSpec":{"Mounts":[{"Type":"bind"}]}}}`, "bind-sensitive"},
	{libpod, `{"netns":{"nsmode":"bridge","value":"/proc/1/ns/net"},"netns":{"nsmode":"path"}}`, "host-network"},
	{create, host(`"SecurityOpt":["seccomp={\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultAction\":\"SCMP_ACT_ALLOW\"}"]`), "security-opt-off"},
	{create, host(`"SecurityOpt":["seccomp={\"defaultAction\":\"SCMP_ACT_ERRNO\",\"DEFAULTACTION\":\"SCMP_ACT_LOG\"}"]`), "security-opt-off"},
	{create, host(`"SecurityOpt":["label=type:unconfined_t"]`), "security-opt-off"},

	// What is masked.
	{create, `{"Image":"x","HostConfig":"[masked 80 bytes #1a]"}`, "unjudged"},
	{create, host(`"[masked 10 bytes #7e0b85d6]":true`), "unjudged"},
	{create, host(`"Mounts":[{"[masked 6 bytes #1a]":"[masked 1 bytes #1b]"}]`), "unjudged"},
	{create, host(`"Binds":"[masked 9 bytes #1a]"`), "unjudged"},
	{create, host(`"Mounts":"[masked 9 bytes #1a]"`), "unjudged"},
	{create, host(`"Mounts":[{"Type":"volume","VolumeOptions":"[masked 9 bytes #1a]"}]`), "unjudged"},
	{create, host(`"CapAdd":"[masked 9 bytes #1a]"`), "unjudged"},
	{create, host(`"Devices":"[masked 9 bytes #1a]"`), "unjudged"},
	{create, host(`"MaskedPaths":"[masked 9 bytes #1a]"`), "unjudged"},
	{create, host(`"VolumesFrom":"[masked 9 bytes #1a]"`), "unjudged"},
	{create, `{"NetworkingConfig":"[masked 9 bytes #1a]"}`, "unjudged"},
	{service, `{"TaskTemplate":"[masked 9 bytes #1a]"}`, "unjudged"},
	{service, `{"TaskTemplate":{"ContainerSpec":{"Privileges":{"Seccomp":{"Mode":"[masked 9 bytes #1a]"}}}}}`, "unjudged"},
	{volume, `{"DriverOpts":"[masked 9 bytes #1a]"}`, "unjudged"},
	{volume, `{"DriverOpts":{"o":"[masked 9 bytes #1a]","type":"nfs","device":"/srv/x"}}`, "unjudged"},
	{volume, `{"DriverOpts":{"type":"overlay","device":"overlay","o":"lowerdir=/opt/a,upperdir=[masked 9 bytes #1a]"}}`, "unjudged volume-bind"},
	{volume, `{"DriverOpts":{"type":"cifs","device":"/etc","o":"username=u,password=[masked 7 bytes #1a],bind"}}`, "bind-sensitive volume-bind"},
	{libpod, `{"netns":"[masked 9 bytes #1a]"}`, "unjudged"},
	{libpod, `{"selinux_opts":["[masked 9 bytes #1a]"]}`, "unjudged"},
	{"POST /v1.47/build?securityopt=%5Bmasked%209%20bytes%20%231a%5D", "", "unjudged"},
	{create, host(`"Binds":["/:/x?password=[masked 3 bytes #1a]"]`), "bind-root"},
	{create, host(`"Binds":["/a?password=[masked 30 bytes #1a]:/x"]`), "unjudged"},

	// Paths that are relative to where a daemon runs.
	{create, host(`"Binds":["../../..:/h"]`), "bind-root unjudged"},
	{create, host(`"Binds":["../../etc:/h"]`), "bind-sensitive unjudged"},
	{create, host(`"Binds":["./files:/h"]`), "unjudged"},
	{create, host(`"Mounts":[{"Type":"bind","Source":"data/../..","Target":"/h"}]`), "bind-root unjudged"},
	{create, host(`"Mounts":[{"Type":"bind","Source":"C:\\","Target":"/h"}]`), "bind-sensitive"},
	{create, `{"Volumes":{"/etc:/x":{}}}`, "bind-sensitive"},
	{create, host(`"VolumesFrom":["web:ro"]`), "unjudged"},

	{"POST /v1.20/containers/web/start", `{"Privileged":true}`, "privileged"},
	{"POST /v1.20/containers/web/start", `{"HostConfig":{"Privileged":true,"Binds":["/:/h"]}}`, "bind-root privileged"},
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
	{"GET /v1.47/configs", "", "secret-read"},
	{"GET /v1.47/swarm", "", "secret-read"},
	{"GET /v1.47/swarm/unlockkey", "", "secret-read"},
	{"POST /v1.47/swarm/init", "{}", "swarm"},
	{"POST /v1.47/swarm/join", "{}", "swarm"},
	{"POST /v1.47/nodes/x/update?version=1", "{}", "swarm"},
	{"POST /v1.47/plugins/pull?remote=x", "[]", "plugin"},
	{"POST /v1.47/plugins/x/enable", "", "plugin"},
	{"POST /v1.47/plugins/x/disable", "", "plugin"},
	{"POST /v1.47/plugins/x/set", `["a=b"]`, "plugin"},
	{"DELETE /v1.47/plugins/x", "", "plugin"},
	{"POST /v1.47/networks/host/connect", `{}`, "host-network"},
	{service, `{"TaskTemplate":{"ContainerSpec":{"Image":"nginx","Mounts":[{"Type":"bind","Source":"/"}]}}}`, "bind-root"},
	{service, `{"TaskTemplate":{"ContainerSpec":{"Image":"evil.example/x","CapabilityAdd":["CAP_SYS_MODULE"]},"Networks":[{"Target":"host"}]}}`, "cap-add host-network image-elsewhere"},
	{service, `{"TaskTemplate":{"ContainerSpec":{"Privileges":{"Seccomp":{"Mode":"unconfined"}}}}}`, "security-opt-off"},
	{service, `{"TaskTemplate":{"ContainerSpec":{"Privileges":{"SELinuxContext":{"Disable":true}}}}}`, "security-opt-off"},
	{volume, `{"Name":"x","Driver":"local","DriverOpts":{"type":"none","o":"bind","device":"/"}}`, "bind-root volume-bind"},
	{volume, `{"Name":"x","DriverOpts":{"Type":"nfs","o":"rw,bind","device":"/srv/data"}}`, "volume-bind"},
	{volume, `{"Name":"x","DriverOpts":{"type":"ext4","device":"/dev/sda1"}}`, "device"},
	{volume, `{"Name":"x","Driver":"local","DriverOpts":{"type":"overlay","o":"lowerdir=/root,upperdir=/tmp/u,workdir=/tmp/w","device":"overlay"}}`, "bind-sensitive volume-bind"},
	{volume, `{"DriverOpts":{"type":"overlay","o":"lowerdir=/srv/a:/,upperdir=/srv/u,workdir=/srv/w","device":"overlay"}}`, "bind-root volume-bind"},
	{volume, `{"DriverOpts":{"type":"overlay","o":"lowerdir=/opt/a,upperdir=/etc,workdir=/opt/w","device":"overlay"}}`, "bind-sensitive volume-bind"},
	{volume, `{"DriverOpts":{"type":"overlay","o":"lowerdir+=/root,workdir=/opt/w","device":"overlay"}}`, "bind-sensitive volume-bind"},
	{volume, `{"DriverOpts":{"type":"proc","device":"proc"}}`, "bind-sensitive"},
	{volume, `{"DriverOpts":{"type":"devtmpfs","device":"devtmpfs"}}`, "bind-sensitive device"},
	{service, `{"TaskTemplate":{"ContainerSpec":{"Privileges":{"Seccomp":{"Mode":"custom","Profile":"eyJkZWZhdWx0QWN0aW9uIjoiU0NNUF9BQ1RfQUxMT1cifQ=="}}}}}`, "security-opt-off"},
	{"POST /v1.47/build?networkmode=host", "", "host-network"},
	{"POST /v5.0.0/libpod/build?networkmode=ns:/proc/1/ns/net", "", "host-network"},
	{"POST /v5.0.0/libpod/build?nsoptions=%5B%7B%22Name%22:%22pid%22,%22Path%22:%22/proc/1/ns/pid%22%7D%5D", "", "host-pid"},
	{"POST /v5.0.0/libpod/build?nsoptions=%5B%7B%22Name%22:%22pid%22%7D%5D&nsoptions=%5B%7B%22Name%22:%22pid%22,%22Name%22:%22ipc%22,%22Host%22:true%7D%5D", "", "host-ipc host-pid"},
	{"POST /v5.0.0/libpod/local/build?localcontextdir=/etc", "", "bind-sensitive"},
	{"POST /v5.0.0/libpod/build?additionalbuildcontexts=x%3Dlocalpath:/root", "", "bind-sensitive"},
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
	{libpod, `{"netns":{"nsmode":"path","value":"/proc/1/ns/net"},"pidns":{"value":"/proc/1/ns/pid","nsmode":"path"}}`, "host-network host-pid"},
	{libpod, `{"mounts":[{"type":"none","source":"/etc","destination":"/h","options":["rbind"]}]}`, "bind-sensitive"},
	{libpod, `{"mounts":[{"type":"tmpfs","source":"/etc","destination":"/h","options":["rw,bind"]}]}`, "bind-sensitive"},
	{libpod, `{"mounts":[{"type":"overlay","source":"overlay","destination":"/h","options":["lowerdir=/:/opt/a"]}]}`, "bind-root"},
	{libpod, `{"mounts":[{"type":"overlay","source":"overlay","destination":"/h","options":["lowerdir=/opt/a","upperdir=/root"]}]}`, "bind-sensitive"},
	{libpod, `{"mounts":[{"type":"ext4","source":"/dev/sda1","destination":"/h"}]}`, "device"},
	{libpod, `{"mounts":[{"type":"ext4","source":"/root/disk.img","destination":"/h"}]}`, "bind-sensitive"},
	{libpod, `{"mounts":[{"type":"sysfs","source":"sysfs","destination":"/h"}]}`, "bind-sensitive"},
	{libpod, `{"mounts":[{"type":"bind","source":"../../etc","destination":"/h"}]}`, "bind-sensitive unjudged"},
	{libpod, `{"overlay_volumes":[{"source":"/opt/a","destination":"/e","options":["upperdir=/etc,workdir=/opt/w"]}]}`, "bind-sensitive"},
	{libpod, `{"volumes":[{"Name":"/etc","Dest":"/h"}]}`, "bind-sensitive"},
	{libpod, `{"volumes_from":["web"]}`, "unjudged"},
	{libpod, `{"annotations":{"org.systemd.property.DeviceAllow":"x"}}`, "unjudged"},
	{create, host(`"Annotations":{"org.systemd.property.DeviceAllow":"x"}`), "unjudged"},
	{"POST /v5.0.0/libpod/secrets/create?name=x&driver=shell&driveropts=%7B%22lookup%22:%22id%22%7D", "", "privileged secret-sent"},
	{"POST /v5.0.0/libpod/secrets/create?name=x&driver=file&driveropts=%7B%22path%22:%22/etc%22%7D", "", "bind-sensitive secret-sent"},
	{"POST /v5.0.0/libpod/images/x/push?destination=dir:/etc/x", "", "bind-sensitive"},
	{"POST /v5.0.0/libpod/build?NetworkMode=host&DEVICES=%5B%22/dev/sda%22%5D", "", "device host-network"},
	{libpod, `{"rootfs":"../.."}`, "bind-root unjudged"},
	{libpod, `{"log_configuration":{"driver":"k8s-file","path":"/etc/cron.d/x"}}`, "bind-sensitive"},
	{libpod, `{"conmon_pid_file":"/etc/x"}`, "bind-sensitive"},
	{libpod, `{"resource_limits":{"devices":[{"allow":true,"access":"rwm"}]}}`, "device"},
	{libpod, `{"init":true,"init_path":"/etc/shadow"}`, "bind-sensitive"},
	{libpod, `{"base_hosts_file":"/etc/shadow"}`, "bind-sensitive"},
	{libpod, `{"oci_runtime":"/opt/x"}`, "unjudged"},
	{libpod, `{"seccomp_profile_path":"/opt/x.json"}`, "unjudged"},
	{"POST /v5.0.0/libpod/containers/web/checkpoint?export=true", "", "export"},
	{"POST /v5.0.0/libpod/images/scp/x?destination=root@evil.example::", "", "export"},
	{"POST /v5.0.0/libpod/images/pull?reference=oci-archive:x.tar", "", "image-elsewhere"},
	{"POST /v5.0.0/libpod/containers/web/update", `{"devices":[{"allow":true}]}`, "device update"},
	{pod, `{"netns":{"nsmode":"host"}}`, "host-network"},
	{pod, `{"pod_devices":["/dev/sda"]}`, "device"},
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
		got := risk.Document("ContainerCreate", "", []byte(doc), true, risk.Known{})
		if len(got) != want || got[0].Mark != risk.Unjudged || want == 2 && got[1].Mark != risk.Privileged {
			t.Errorf("%s: %v", doc, got)
		}
	}
}

// TestMany: of many reasons some are told, and no mark is lost.
func TestMany(t *testing.T) {
	var binds []string
	for range 1000 {
		binds = append(binds, `"/etc/x`+strings.Repeat("y", len(binds))+`:/e"`)
	}
	got := risk.Document("ContainerCreate", "", []byte(host(`"Binds":[`+strings.Join(binds, ",")+`,"/:/h"],"Privileged":true,"PidMode":"host"`)), false, risk.Known{})
	var marks []string
	for _, r := range got {
		marks = append(marks, r.Mark)
	}
	if want := "bind-sensitive bind-sensitive bind-sensitive bind-sensitive bind-sensitive bind-sensitive bind-root privileged host-pid"; strings.Join(marks, " ") != want || !strings.Contains(got[5].Why, "more") {
		t.Errorf("%v", got)
	}
}

// TestAdd: of each mark one reason is told at least, however many there are.
func TestAdd(t *testing.T) {
	var all []risk.Risk
	for i := range 50 {
		for _, mark := range risk.Marks[:12] {
			all = risk.Add(all, risk.Risk{Mark: mark, Why: strings.Repeat("x", i)})
		}
	}
	for _, mark := range risk.Marks {
		all = risk.Add(all, risk.Risk{Mark: mark, Why: "z"})
		if !slices.ContainsFunc(all, func(r risk.Risk) bool { return r.Mark == mark }) {
			t.Errorf("no %s", mark)
		}
	}
	if len(all) > 32+len(risk.Marks) {
		t.Errorf("%d risks", len(all))
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
				got := risk.Document(op, "", []byte(doc), cut, known)
				if len(got) > 60 || cut && (len(got) == 0 || got[0].Mark != risk.Unjudged) {
					t.Errorf("%s: %v", op, got)
				}
			}
		}
		risk.Document("GRPCMethod", "/moby.buildkit.v1.Control/Solve", []byte(doc), false, risk.Known{})
	})
}
