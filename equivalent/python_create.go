package equivalent

import (
	"slices"
	"strings"

	"github.com/socktrace/socktrace/internal/jsontext"
)

// createArgs are the fields of a container's document that are arguments as they are.
var createArgs = []arg{
	{from: "Hostname", to: "hostname"}, {from: "Domainname", to: "domainname"}, {from: "User", to: "user"},
	{from: "Tty", to: "tty", as: asBool}, {from: "OpenStdin", to: "stdin_open", as: asBool},
	{from: "Env", to: "environment"}, {from: "Entrypoint", to: "entrypoint"}, {from: "WorkingDir", to: "working_dir"},
	{from: "MacAddress", to: "mac_address"}, {from: "Labels", to: "labels"}, {from: "StopSignal", to: "stop_signal"},
	{from: "NetworkDisabled", to: "network_disabled", as: asBool}, {from: "Healthcheck", to: "healthcheck"},
}

// hostArgs are those of HostConfig.
var hostArgs = []arg{
	{from: "NetworkMode", to: "network_mode", otherwise: `"default"`}, {from: "AutoRemove", to: "auto_remove", as: asBool},
	{from: "LogConfig", to: "log_config"}, {from: "VolumesFrom", to: "volumes_from"}, {from: "CapAdd", to: "cap_add"}, {from: "CapDrop", to: "cap_drop"},
	{from: "Dns", to: "dns"}, {from: "DnsOptions", to: "dns_opt"}, {from: "DnsSearch", to: "dns_search"}, {from: "ExtraHosts", to: "extra_hosts"},
	{from: "GroupAdd", to: "group_add"}, {from: "IpcMode", to: "ipc_mode"}, {from: "OomScoreAdj", to: "oom_score_adj"}, {from: "PidMode", to: "pid_mode"},
	{from: "Privileged", to: "privileged", as: asBool}, {from: "PublishAllPorts", to: "publish_all_ports", as: asBool},
	{from: "ReadonlyRootfs", to: "read_only", as: asBool}, {from: "SecurityOpt", to: "security_opt"}, {from: "StorageOpt", to: "storage_opt"},
	{from: "Tmpfs", to: "tmpfs"}, {from: "UTSMode", to: "uts_mode"}, {from: "UsernsMode", to: "userns_mode"}, {from: "CgroupnsMode", to: "cgroupns"}, {from: "ShmSize", to: "shm_size"},
	{from: "Sysctls", to: "sysctls"}, {from: "Runtime", to: "runtime"}, {from: "Isolation", to: "isolation"}, {from: "CpuShares", to: "cpu_shares"},
	{from: "Memory", to: "mem_limit"}, {from: "NanoCpus", to: "nano_cpus"}, {from: "CgroupParent", to: "cgroup_parent"},
	{from: "BlkioWeight", to: "blkio_weight"}, {from: "BlkioWeightDevice", to: "blkio_weight_device"},
	{from: "BlkioDeviceReadBps", to: "device_read_bps"}, {from: "BlkioDeviceWriteBps", to: "device_write_bps"},
	{from: "BlkioDeviceReadIOps", to: "device_read_iops"}, {from: "BlkioDeviceWriteIOps", to: "device_write_iops"},
	{from: "CpuPeriod", to: "cpu_period"}, {from: "CpuQuota", to: "cpu_quota"}, {from: "CpuRealtimePeriod", to: "cpu_rt_period"},
	{from: "CpuRealtimeRuntime", to: "cpu_rt_runtime"}, {from: "CpusetCpus", to: "cpuset_cpus"}, {from: "CpusetMems", to: "cpuset_mems"},
	{from: "Devices", to: "devices"}, {from: "DeviceCgroupRules", to: "device_cgroup_rules"}, {from: "DeviceRequests", to: "device_requests"},
	{from: "KernelMemory", to: "kernel_memory"}, {from: "MemoryReservation", to: "mem_reservation"}, {from: "MemorySwap", to: "memswap_limit"},
	{from: "MemorySwappiness", to: "mem_swappiness", otherwise: "-1"}, {from: "OomKillDisable", to: "oom_kill_disable", as: asBool},
	{from: "PidsLimit", to: "pids_limit"}, {from: "Ulimits", to: "ulimits"}, {from: "Init", to: "init", as: asBool}, {from: "Mounts", to: "mounts"},
	{from: "VolumeDriver", to: "volume_driver"}, {from: "CpuCount", to: "cpu_count"}, {from: "CpuPercent", to: "cpu_percent"},
}

// pyCreate writes the call that creates a container.
func pyCreate(w *pyWriter) Call {
	if !w.isDoc {
		return pyRaw(w, notRead)
	}
	w.positional(w.value(w.field("Image"), "image"))
	if cmd := w.field("Cmd"); !isEmpty(cmd, "Cmd") {
		w.positional(w.value(cmd, "cmd"))
	}
	w.parameters([]arg{{from: "name", to: "name"}, {from: "platform", to: "platform"}})
	w.attached()
	w.bodyArguments(createArgs)
	for _, a := range hostArgs {
		a.from = "HostConfig." + a.from
		w.bodyArguments([]arg{a})
	}
	w.younger()
	w.volumes()
	w.ports()
	if v := w.field("HostConfig.Links"); !isEmpty(v, "Links") {
		w.named("links", w.pairs(v))
	}
	if v := w.field("HostConfig.RestartPolicy"); !isEmpty(v, "RestartPolicy") && !jsonHas(v, "Name", "no") {
		w.named("restart_policy", w.value(v, "restart"))
	}
	w.networks()
	if names, _ := w.left(); len(names) > 0 {
		w.call.note("client.api.create_container_from_config takes the whole document as it was sent.")
	}
	return w.finish("client.containers.create", ofID)
}

// younger tells of arguments that docker-py has not always had.
func (w *pyWriter) younger() {
	for _, name := range []string{"platform", "cgroupns"} {
		if slices.ContainsFunc(w.args, func(a string) bool { return strings.HasPrefix(a, name+"=") }) {
			w.call.note("docker-py 7 has the argument " + name + " of this, docker-py 5 has not.")
		}
	}
}

// attached takes out what docker-py says of attaching by itself, and adds what says that
// nobody does.
func (w *pyWriter) attached() {
	stdin, stdout, stderr := string(w.field("AttachStdin")), string(w.field("AttachStdout")), string(w.field("AttachStderr"))
	w.field("StdinOnce")
	if stdin != "true" && stdout != "true" && stderr != "true" {
		w.named("detach", "True")
	}
}

// volumes adds what is mounted: folders, and volumes without a name.
func (w *pyWriter) volumes() {
	var list []string
	for v := range jsontext.Elements(w.field("HostConfig.Binds")) {
		list = append(list, w.value(v, "volume"))
	}
	w.field("Volumes")
	for _, path := range unnamedVolumes(parsedValue([]byte(w.sent.text))) {
		list = append(list, w.text(path, "volume"))
	}
	if len(list) > 0 {
		w.named("volumes", "["+strings.Join(list, ", ")+"]")
	}
}

// ports adds which are published. That one is exposed and not more cannot be said.
func (w *pyWriter) ports() {
	published := make(map[string]bool)
	var all []string
	for port, bindings := range jsontext.Members(w.field("HostConfig.PortBindings")) {
		published[string(port)] = true
		var list []string
		for b := range jsontext.Elements(bindings) {
			list = append(list, w.binding(b))
		}
		says := "[" + strings.Join(list, ", ") + "]"
		if len(list) == 1 {
			says = list[0]
		}
		all = append(all, w.text(unquoted(port), "port")+": "+says)
	}
	if len(all) > 0 {
		w.named("ports", "{"+strings.Join(all, ", ")+"}")
	}
	for port := range jsontext.Members(w.field("ExposedPorts")) {
		if !published[string(port)] {
			w.call.note("Port " + unquoted(port) + " was exposed and not published, which docker-py has no argument for here.")
		}
	}
}

// binding returns a port of the host, with its address if that was said.
func (w *pyWriter) binding(doc []byte) string {
	var ip, port string
	for key, v := range jsontext.Members(doc) {
		switch strings.ToLower(unquoted(key)) {
		case "hostip":
			ip = unquoted(v)
		case "hostport":
			port = unquoted(v)
		}
	}
	number := w.text(port, "port")
	if isNumber(port) {
		number = port
	}
	switch {
	case port == "" && ip == "":
		return "None"
	case port == "":
		return "(" + w.text(ip, "address") + ",)"
	case ip == "":
		return number
	}
	return "(" + w.text(ip, "address") + ", " + number + ")"
}

// networks takes out what is said of networks where that is nothing but the name of the
// one that the container is in.
func (w *pyWriter) networks() {
	b := parsedValue([]byte(w.sent.text))
	mode := b.get("HostConfig").get("NetworkMode")
	for _, end := range b.get("NetworkingConfig").members("EndpointsConfig") {
		if !end.isEmpty() || end.name != "default" && (mode == nil || end.name != mode.text) {
			return
		}
	}
	for i := range w.fields {
		if m := &w.fields[i]; strings.EqualFold(m.name, "NetworkingConfig") {
			m.used = true
		}
	}
}

// jsonHas says whether an object has a member with this string as its value.
func jsonHas(doc []byte, name, value string) bool {
	for key, v := range jsontext.Members(doc) {
		if strings.EqualFold(unquoted(key), name) {
			return unquoted(v) == value
		}
	}
	return false
}
