# What docker compose asks a daemon for: most of its commands once.
# compose.sh COMPOSE IMAGE FOLDER PROJECT; the folder is empty, and files are made in it.
compose=$1
image=$2
project=$4
cd "$3" || exit

c() { timeout 60 "$compose" --ansi never -p "$project" "$@" </dev/null || :; }

mkdir context
printf 'FROM %s\nRUN echo built\n' "$image" >context/Dockerfile
echo data >file
cat >compose.yaml <<Y
services:
  a:
    image: $image
    command: sh -c 'echo out; while sleep 1; do :; done'
    stop_grace_period: 0s
    networks: [inner]
    ports: ["127.0.0.1::80"]
    volumes: ["data:/data"]
    configs: [text]
    develop: {watch: [{path: context, action: sync, target: /data}]}
    healthcheck:
      test: ["CMD", "true"]
      interval: 1s
  b:
    image: $image
    command: sleep 1000
    stop_grace_period: 0s
    network_mode: none
    depends_on: {a: {condition: service_healthy}}
  built:
    image: $project-built
    build: {context: context, network: none}
    profiles: [later]
networks: {inner: {}}
volumes: {data: {}}
configs: {text: {content: some}}
Y

c config
c config --images
c config --resolve-image-digests
c pull
c build built
c create
c up -d
c ps -a
c ls
c images
c logs
c top
c stats --no-stream
c port a 80
c exec -T a echo inside
c exec -d a true
c run --rm -T a echo once
c cp a:/etc/motd .
c cp file a:/tmp/there
"$compose" -p "$project" events & sleep 1; kill $!
"$compose" -p "$project" attach --no-stdin a & sleep 1; kill $!
"$compose" -p "$project" watch --no-up & sleep 1; touch context/new; sleep 1; kill $!
c commit a "$project-committed"
c export -o export.tar a
c pause
c unpause
c scale b=2
c volumes
c kill b
c wait b
c start
c restart
c stop
c rm -f b
c up -d --force-recreate
c push
c down -v --rmi local
