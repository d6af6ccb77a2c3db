package main

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/need"
)

// TestNames has clients ask real daemons for most of what they can, which takes them
// minutes: every request has the name of an operation.
func TestNames(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes minutes")
	}
	t.Run("docker's daemon", func(t *testing.T) {
		t.Parallel()
		d := loneDockerd(t, dockers(t)[0])
		for _, docker := range dockers(t) {
			t.Run("docker "+docker.version, func(t *testing.T) { d.session(t, dockerNames, "sh", script(t, "sessions/docker.sh"), docker.path) })
		}
		for _, py := range pythons(t) {
			t.Run("docker-py "+py.version, func(t *testing.T) {
				got := d.session(t, dockerPyNames, py.path, script(t, "dockerpy/everything.py"))
				check(t, "of docker-py", got.out, "not called:\n")
			})
		}
		t.Run("compose", func(t *testing.T) {
			compose := need.Program(t, "docker-compose")
			out, err := exec.Command(compose, "version", "--short").CombinedOutput()
			if err != nil || strings.HasPrefix(string(out), "1.") {
				need.Skip(t, "docker-compose", fmt.Errorf("version %q: %v; 2 is needed", out, err))
			}
			d.session(t, composeNames, "sh", script(t, "sessions/compose.sh"), compose)
		})
	})
	t.Run("podman", func(t *testing.T) {
		t.Parallel()
		podman := need.Program(t, "podman")
		lonePodman(t, podman).session(t, podmanNames, "sh", script(t, "sessions/podman.sh"), podman)
	})
}

// What is asked for at least in each session; where it is not, it does not do what it is
// for.
const (
	dockerNames = `BuildPrune CheckpointCreate CheckpointDelete CheckpointList ConfigCreate ConfigDelete ConfigInspect ConfigList
		ContainerArchive ContainerArchiveInfo ContainerAttach ContainerChanges ContainerCreate ContainerDelete ContainerExec
		ContainerExport ContainerInspect ContainerKill ContainerList ContainerLogs ContainerPause ContainerPrune ContainerRename
		ContainerRestart ContainerStart ContainerStats ContainerStop ContainerTop ContainerUnpause ContainerUpdate ContainerWait
		DistributionInspect ExecInspect ExecStart GetPluginPrivileges ImageBuild ImageCommit ImageCreate ImageDelete ImageGetAll
		ImageHistory ImageInspect ImageList ImageLoad ImagePrune ImagePush ImageSearch ImageTag NetworkConnect NetworkCreate
		NetworkDelete NetworkDisconnect NetworkInspect NetworkList NetworkPrune NodeDelete NodeInspect NodeList NodeUpdate
		PluginCreate PluginDelete PluginDisable PluginEnable PluginInspect PluginList PluginPush PluginSet PluginUpgrade
		PutContainerArchive SecretCreate SecretDelete SecretInspect SecretList ServiceCreate ServiceDelete ServiceInspect
		ServiceList ServiceLogs ServiceUpdate SwarmInit SwarmInspect SwarmJoin SwarmLeave SwarmUnlockkey SwarmUpdate SystemAuth
		SystemDataUsage SystemEvents SystemInfo SystemPingHead SystemVersion TaskInspect TaskList TaskLogs VolumeCreate
		VolumeDelete VolumeInspect VolumeList VolumePrune`
	dockerPyNames = `ContainerAttach ContainerResize ExecResize ImageGet PluginPullByName SwarmUnlock SystemPing TaskInspect`
	composeNames  = `ContainerArchive ContainerAttach ContainerCreate ContainerDelete ContainerExport ContainerKill ContainerList
		ContainerLogs ContainerPause ContainerRename ContainerRestart ContainerStart ContainerStats ContainerStop ContainerTop
		ContainerUnpause ContainerWait ExecStart ImageCommit ImageCreate ImageInspect NetworkCreate NetworkDelete
		PutContainerArchive SystemEvents SystemPingHead VolumeCreate VolumeDelete`
	podmanNames = `ContainerArchiveInfoLibpod ContainerArchiveLibpod ContainerAttachLibpod ContainerChangesLibpod
		ContainerCheckpointLibpod ContainerCreateLibpod ContainerDeleteLibpod ContainerExecLibpod ContainerExistsLibpod
		ContainerExportLibpod ContainerHealthcheckLibpod ContainerInitLibpod ContainerInspectLibpod ContainerKillLibpod
		ContainerListLibpod ContainerLogsLibpod ContainerPauseLibpod ContainerPruneLibpod ContainerRenameLibpod
		ContainerRestartLibpod ContainerStartLibpod ContainerStopLibpod ContainerTopLibpod ContainerUnpauseLibpod
		ContainerWaitLibpod ContainersStatsAllLibpod ExecInspectLibpod ExecStartLibpod GenerateKubeLibpod GenerateSystemdLibpod
		ImageBuildLibpod ImageCommitLibpod ImageDeleteAllLibpod ImageExistsLibpod ImageExportLibpod
		ImageHistoryLibpod ImageImportLibpod ImageInspectLibpod ImageListLibpod ImageLoadLibpod ImagePruneLibpod
		ImagePullLibpod ImagePushLibpod ImageSearchLibpod ImageTagLibpod ImageTreeLibpod ImageUntagLibpod
		ManifestCreateLibpod ManifestInspectLibpod ManifestModifyLibpod ManifestPushLibpod NetworkCreateLibpod
		NetworkDeleteLibpod NetworkExistsLibpod NetworkInspectLibpod NetworkListLibpod NetworkPruneLibpod PlayKubeLibpod
		PodCreateLibpod PodDeleteLibpod PodInspectLibpod PodKillLibpod PodListLibpod PodPauseLibpod PodRestartLibpod
		PodStartLibpod PodStatsAllLibpod PodStopLibpod PodTopLibpod PodUnpauseLibpod PutContainerArchiveLibpod
		SecretCreateLibpod SecretDeleteLibpod SecretInspectLibpod SecretListLibpod SystemDataUsageLibpod SystemEventsLibpod
		SystemInfoLibpod SystemPing SystemPruneLibpod SystemVersionLibpod VolumeCreateLibpod VolumeDeleteLibpod
		VolumeInspectLibpod VolumeListLibpod VolumePruneLibpod`
)

// script returns the path of a file in testdata, from anywhere.
func script(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// loneDaemon is a daemon of a test's own, which has no network, and of which all processes
// and mounts end with it: what is there may be pruned.
type loneDaemon struct {
	path   string   // of its socket
	flags  []string // of socktrace, for its clients
	env    []string // of its clients
	client cli      // with the flags that have it talk to the daemon
	talks  []string
}

// alone starts a daemon in namespaces of its own, with a script whose $1 is an empty
// folder; its socket is s in it. It skips the test aloud if that does not work.
func alone(t *testing.T, what, script string) (path string) {
	t.Helper()
	if os.Geteuid() != 0 {
		need.Skip(t, "root", what+" needs it")
	}
	dir := shortDir(t)
	path = filepath.Join(dir, "s")
	p := launch(t, nil, need.Program(t, "unshare"), "--net", "--mount", "--pid", "--mount-proc", "--fork", "--kill-child",
		"sh", "-c", need.Program(t, "busybox")+" ip link set lo up; "+script, "sh", dir)
	t.Cleanup(func() { // behind the kill, all that was in the namespaces is gone
		_ = syscall.Kill(-p.Process.Pid, syscall.SIGKILL)
		<-p.done
	})
	await(t, what, func() bool {
		select {
		case <-p.done:
			need.Skip(t, what, tail(p.err.String()))
		default:
		}
		_, err := os.Lstat(path)
		return err == nil
	})
	return path
}

// loneDockerd starts docker's daemon; docker is a command.
func loneDockerd(t *testing.T, docker cli) *loneDaemon {
	t.Helper()
	need.Program(t, "dockerd")
	path := alone(t, "dockerd", `exec dockerd --bridge=none --iptables=false --ip6tables=false --experimental --data-root "$1/root" \
		--exec-root "$1/exec" -p "$1/pid" -H "unix://$1/s"`)
	d := &loneDaemon{path: path, client: docker, talks: []string{"-H", "unix://" + path}}
	config := t.TempDir() // with the plugin, if there is one
	if plugin, err := exec.LookPath("docker-buildx"); err == nil {
		if err := os.Mkdir(filepath.Join(config, "cli-plugins"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(plugin, filepath.Join(config, "cli-plugins", "docker-buildx")); err != nil {
			t.Fatal(err)
		}
	}
	d.env = []string{"DOCKER_CONFIG=" + config}
	await(t, "an answer of dockerd", func() bool { return exec.Command(docker.path, "-H", "unix://"+path, "version").Run() == nil })
	return d
}

// lonePodman starts the service of podman, or skips the test aloud if that cannot run
// containers.
func lonePodman(t *testing.T, podman string) *loneDaemon {
	t.Helper()
	runtime, err := exec.LookPath("runc")
	if err != nil {
		runtime = need.Program(t, "crun")
	}
	path := alone(t, "podman", `mount -t tmpfs none /run; mkdir "$1/net"; exec `+podman+` --root "$1/root" --runroot "$1/run" --tmpdir "$1/tmp" \
		--network-config-dir "$1/net" --storage-driver vfs --cgroup-manager cgroupfs --runtime `+runtime+` --events-backend file \
		system service --time 0 "unix://$1/s"`)
	d := &loneDaemon{path: path, client: cli{path: podman}, talks: []string{"--remote", "--url", "unix://" + path}, flags: []string{"--env", "CONTAINER_HOST"}}
	d.bring(t)
	config := t.TempDir() // it wants a file in docker's folder, if the environment names one
	if err := os.WriteFile(filepath.Join(config, "config.json"), []byte("{}"), 0o644); err != nil {
		t.Fatal(err)
	}
	d.env = []string{"DOCKER_CONFIG=" + config}
	try := exec.Command(podman, append(slices.Clone(d.talks), "run", "--rm", "--network", "none", "--ulimit", "nofile=256:256",
		"--ulimit", "nproc=256:256", testImage, "true")...)
	try.Env = append(os.Environ(), d.env...)
	if out, err := try.CombinedOutput(); err != nil {
		need.Skip(t, "podman", fmt.Errorf("it runs no containers: %v: %s", err, out))
	}
	return d
}

// bring gives the daemon testImage, which sessions may remove.
func (d *loneDaemon) bring(t *testing.T) {
	t.Helper()
	if err := importImage(d.client, d.talks...); err != nil {
		t.Fatal(err)
	}
}

// session runs a command through socktrace, with testImage, an empty folder and a name
// behind its own arguments. It fails the test if a request has no operation, or if one of
// want is not asked for.
func (d *loneDaemon) session(t *testing.T, want string, command ...string) result {
	t.Helper()
	d.bring(t)
	folder, file := t.TempDir(), filepath.Join(t.TempDir(), "trace.jsonl")
	prepare := func(c *exec.Cmd) {
		c.Env, c.Dir = append(os.Environ(), d.env...), folder
	}
	args := append(append([]string{"run", "--upstream", "unix://" + d.path}, d.flags...), "-f", "jsonl", "-o", file, "--")
	p := socktrace(t, prepare, append(append(args, command...), testImage, folder, uniqueName())...)
	select {
	case <-p.done:
	case <-time.After(10 * patience): // it is a long one
	}
	got := p.end()
	check(t, "status", got.status, "exit status 0")
	asked := make(map[string]int)
	for _, ev := range eventsIn(t, file).of("exchange") {
		if asked[ev.Operation]++; ev.Operation == "" {
			t.Errorf("no operation for %s %s, whose answer is %d", ev.Method, ev.Target, ev.Status)
		}
	}
	for _, name := range strings.Fields(want) {
		if asked[name] == 0 {
			t.Errorf("%s is never asked for", name)
		}
	}
	t.Logf("%d operations: %q", len(asked), slices.Sorted(maps.Keys(asked)))
	if t.Failed() {
		t.Logf("stdout: %s\nstderr: %s", tail(got.out), tail(got.err))
	}
	return got
}
