# What docker commands ask a daemon for: most of them once, whether they work or not. The
# daemon is one for this alone: it is pruned, and becomes a swarm for a while.
# docker.sh DOCKER IMAGE FOLDER; the folder is empty, and files are made in it.
docker=$1
image=$2
cd "$3" || exit
export DOCKER_CLI_HINTS=false

d() { timeout 60 "$docker" "$@" </dev/null || :; }

d version
d info
d images -a
d image inspect "$image"
d history "$image"
d tag "$image" other
d save -o one.tar other
d save -o two.tar other "$image"
d load -i one.tar
d pull 127.0.0.1:1/x
d tag other 127.0.0.1:1/x
d push 127.0.0.1:1/x
d manifest inspect --insecure 127.0.0.1:1/x
d search nothing
d login -u a -p b 127.0.0.1:1
d rmi 127.0.0.1:1/x

d run --rm --network none "$image" echo hi
d run -d --name cont --network none "$image" sh -c 'echo out; while sleep 1; do :; done'
d ps -a --size
d logs cont
d top cont
d stats --no-stream cont
d inspect cont
d inspect nothing
d port cont
d diff cont
d exec cont echo inside
d exec -d cont true
d cp cont:/etc/motd .
d cp motd cont:/tmp/there
d cp cont:/nothing .
d pause cont
d unpause cont
d update --restart no cont
d rename cont renamed
d commit renamed committed
d export -o export.tar renamed
d import export.tar imported
d checkpoint create renamed point
d checkpoint ls renamed
d checkpoint rm renamed point
"$docker" attach --no-stdin renamed & sleep 1; kill $!
d kill renamed
d wait renamed
d start renamed
d restart -t 0 renamed
d stop -t 0 renamed
d create --name made --network none "$image" true
d start -a made
d rm -f renamed made
d container prune -f

d volume create vol
d volume ls
d volume inspect vol
d volume rm vol
d volume prune -f
d network create n
d network ls
d network inspect n
d create --name idle "$image" true
d network connect n idle
d network disconnect n idle
d network rm n
d network prune -f
d rm idle

mkdir context
printf 'FROM %s\nRUN echo built\n' "$image" >context/Dockerfile
DOCKER_BUILDKIT=0 d build -t built --network none context
DOCKER_BUILDKIT=1 d build --progress plain -t built --network none context
d builder prune -f
d buildx ls
d buildx du
d buildx build --progress plain --network none --load -t built context

mkdir -p plugin/rootfs
printf '{"interface":{"socket":"x.sock","types":["docker.volumedriver/1.0"]},"entrypoint":["/x"],"env":[{"name":"A","value":"b","settable":["value"]}]}' >plugin/config.json
d plugin install --grant-all-permissions 127.0.0.1:1/x
d plugin create p plugin
d plugin ls
d plugin inspect p
d plugin set p A=c
d plugin enable p
d plugin disable -f p
d plugin upgrade --grant-all-permissions --skip-remote-check p 127.0.0.1:1/x
d plugin push p
d plugin rm -f p

d swarm init --listen-addr 127.0.0.1 --advertise-addr 127.0.0.1
d swarm join-token worker
d swarm ca
d swarm update --autolock=true
d swarm unlock-key
d swarm update --autolock=false
d swarm join --token SWMTKN-1-a-b 127.0.0.1:1
d node ls
d node inspect self
d node ps self
d node update --label-add a=b "$("$docker" node ls -q)"
d node rm nothing
printf s >secret.txt
d secret create secret secret.txt
d secret ls
d secret inspect secret
d config create config secret.txt
d config ls
d config inspect config
d service create -d --name s --network host --secret secret --config config "$image" sh -c 'echo hi; sleep 1000'
d service ls
d service inspect s
d service ps s
d service update -d --label-add a=b s
d service scale -d s=2
d service rollback -d s
d service logs s
d service logs "$("$docker" service ps -q s | head -n 1)"
d inspect s
d service rm s
d secret rm secret
d config rm config
printf 'version: "3.5"\nservices:\n  a:\n    image: %s\n    command: sleep 1000\n    networks: [outer]\nnetworks:\n  outer:\n    external: true\n    name: host\n' "$image" >stack.yaml
d stack deploy -c stack.yaml st
d stack ls
d stack ps st
d stack services st
d stack rm st
d swarm leave -f

d events --since 10m --until 0s
d system df -v
d system prune -f -a --volumes
