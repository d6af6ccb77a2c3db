package risk

// The marks. There are no others.
const (
	Privileged      = "privileged"       // a container, or a process in one, with all rights; a command on the host
	HostPID         = "host-pid"         // sees and signals all processes of the host
	HostNetwork     = "host-network"     // has the network of the host
	HostIPC         = "host-ipc"         // shares memory and queues with the host
	HostUTS         = "host-uts"         // may rename the host
	HostUserNS      = "host-userns"      // root in it is root of the host, where users are mapped otherwise
	HostCgroup      = "host-cgroup"      // sees the control groups of the host
	BindRoot        = "bind-root"        // has all files of the host
	BindSocket      = "bind-socket"      // has a socket that leads to a daemon which owns the host
	BindSensitive   = "bind-sensitive"   // has, or writes, files of the host that lead to its owner
	VolumeBind      = "volume-bind"      // a volume that is a folder of the host
	CapAdd          = "cap-add"          // a capability that leads out of a container
	Device          = "device"           // a device of the host
	SecurityOptOff  = "security-opt-off" // a confinement is taken off
	Exec            = "exec"             // a process in a container that runs
	ArchiveIn       = "archive-in"       // files are put into a container
	ArchiveOut      = "archive-out"      // files are taken out of a container
	Export          = "export"           // a container, its memory, or an image as a whole is taken out
	Commit          = "commit"           // an image is made of a container
	ImageElsewhere  = "image-elsewhere"  // an image that is not from Docker Hub
	SecretRead      = "secret-read"      // secrets, configs or tokens of a swarm are read
	SecretSent      = "secret-sent"      // secrets, or credentials of a registry, are sent
	Swarm           = "swarm"            // a swarm, or a node of it, is changed
	Plugin          = "plugin"           // a plugin is installed, changed, switched or removed
	ContainerUpdate = "update"           // a container that is there is changed
	Unjudged        = "unjudged"         // not all could be judged
)

// Marks are all marks.
var Marks = []string{
	Privileged, HostPID, HostNetwork, HostIPC, HostUTS, HostUserNS, HostCgroup, BindRoot, BindSocket, BindSensitive, VolumeBind, CapAdd, Device,
	SecurityOptOff, Exec, ArchiveIn, ArchiveOut, Export, Commit, ImageElsewhere, SecretRead, SecretSent, Swarm, Plugin, ContainerUpdate, Unjudged,
}

// Risk is a mark, and the reason for it in words.
type Risk struct{ Mark, Why string }
