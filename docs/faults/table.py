# ruff: noqa: E501  a sentence and its translation stay whole
"""Every fault that a technician is called for: what shows it, what it means, what to do. In Portuguese and English.

What the screens say is not written here: it is taken from the kiosk's own words, so that both never differ.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.health.findings import What


@dataclass(frozen=True)
class Both:
    pt: str
    en: str


@dataclass(frozen=True)
class Fault:
    """`scene` is what the citizen sees, by its name in tests/kiosk/matrix/scenes.py, "" where they see nothing and the
    technician's screen is shown; `finding` what the technician's
    screen and `totem doctor` say; `says` further sentences of the screen, in English as the program has them.
    """

    name: str
    title: Both
    scene: str
    means: Both
    do: tuple[Both, ...]
    finding: What | None = None
    says: tuple[str, ...] = ()


NEXT = Both(
    "Depois, no modo técnico, toque em Estado de tudo: a linha deve estar verde.",
    "Then, in the technician's mode, touch State of everything: the line must be green.",
)
TEST_PAPER = Both(
    "No modo técnico, toque em Imprimir teste: a tela deve dizer que a impressora confirmou.",
    "In the technician's mode, touch Test print: the screen must say that the printer confirmed it.",
)
NOTHING_LOST = Both(
    "Nada se perde: o que o totem registrou está no disco e vai sozinho quando a rede volta.",
    "Nothing is lost: what the kiosk registered is on its disk and goes by itself when the network is back.",
)

FAULTS: tuple[Fault, ...] = (
    Fault(
        "paper-out", Both("Sem papel", "No paper"), "printing iptu paper-out",
        Both(
            "A bobina acabou no meio de um papel ou antes dele. O papel do cidadão espera até o prazo (120 s); o pedido "
            "já está registrado.",
            "The roll ended in the middle of a paper or before one. The citizen's paper waits until its deadline "
            "(120 s); the request is registered already.",
        ),
        (
            Both("Abra a impressora e ponha uma bobina nova, do lado certo. Feche até o clique.",
                 "Open the printer and put in a new roll, the right side up. Close it until it clicks."),
            Both("No modo técnico, toque em Papel trocado: fica anotado.",
                 "In the technician's mode, touch Paper changed: it is noted."),
            TEST_PAPER,
        ),
        What.PRINTER_PAPER_OUT,
    ),
    Fault(
        "paper-low", Both("Bobina perto do fim", "Roll near its end"), "",
        Both("O sensor da impressora viu o fim da bobina chegando. O totem continua atendendo; a central recebeu um "
             "alerta.",
             "The printer's sensor sees the end of the roll coming. The kiosk goes on serving; the centre has an alert."),
        (
            Both("Troque a bobina antes que acabe.", "Change the roll before it ends."),
            Both("No modo técnico, toque em Papel trocado.", "In the technician's mode, touch Paper changed."),
        ),
        What.PRINTER_PAPER_LOW,
    ),
    Fault(
        "cover-open", Both("Tampa aberta", "Cover open"), "printing iptu cover-open",
        Both("A tampa da impressora não está fechada, ou o sensor dela não vê que está.",
             "The printer's cover is not closed, or its sensor does not see that it is."),
        (Both("Feche a tampa até o clique. Se a linha continuar vermelha, veja se há papel no encaixe.",
              "Close the cover until it clicks. If the line stays red, look for paper in its catch."), TEST_PAPER),
        What.PRINTER_COVER_OPEN,
    ),
    Fault(
        "jam", Both("Papel preso", "Paper jam"), "printing iptu jam",
        Both("O papel não anda. Um papel interrompido é impresso de novo desde o começo, com a marca 2ª via.",
             "The paper does not move. A paper that was interrupted is printed again from the top, marked 2ª via."),
        (
            Both("Abra a impressora, tire todo o papel, também os pedaços pequenos. Feche.",
                 "Open the printer, take all paper out, the small pieces too. Close it."),
            Both("Olhe a saída do papel: nada deve ficar ali.", "Look at the paper outlet: nothing may be left there."),
            TEST_PAPER,
        ),
        What.PRINTER_JAM,
    ),
    Fault(
        "cutter", Both("Guilhotina presa", "Cutter stuck"), "printing iptu cutter",
        Both("A guilhotina não voltou ao lugar, quase sempre por um pedaço de papel.",
             "The cutter did not come back to its place, mostly for a piece of paper."),
        (Both("Desligue a impressora, tire o papel, gire a roda da guilhotina se houver, ligue de novo.",
              "Switch the printer off, take the paper out, turn the cutter's wheel if it has one, switch it on."),
         TEST_PAPER),
        What.PRINTER_CUTTER,
    ),
    Fault(
        "printer-hot", Both("Impressora quente demais", "Printer too hot"), "printing iptu overheated",
        Both("A cabeça de impressão passou do limite. Ela continua sozinha quando esfria.",
             "The print head is above its limit. It goes on by itself when it has cooled down."),
        (Both("Espere alguns minutos. Veja se as aberturas estão livres e se não bate sol na impressora.",
              "Wait some minutes. See that its slots are free and that no sun falls on it."),),
        What.PRINTER_OVERHEATED,
    ),
    Fault(
        "printer-gone", Both("A impressora não responde", "The printer does not answer"), "printing iptu absent",
        Both("O totem não fala com a impressora: sem energia, sem cabo, ou o endereço no totem.toml não é o dela. "
             "Serviços que precisam de papel não são oferecidos enquanto isso.",
             "The kiosk does not reach the printer: no power, no cable, or the address in totem.toml is not its own. "
             "Services that need paper are not offered meanwhile."),
        (
            Both("Veja a luz da impressora e os dois lados do cabo.", "Look at the printer's light and both ends of its cable."),
            Both("No terminal: `totem printer detect` diz o que está conectado e as linhas para o totem.toml.",
                 "On a terminal: `totem printer detect` says what is attached, with the lines for totem.toml."),
            TEST_PAPER,
        ),
        What.PRINTER_ABSENT,
    ),
    Fault(
        "a4-stopped", Both("A impressora A4 parou", "The A4 printer was stopped"), "printing on a4, stopped",
        Both("Alguém, ou o CUPS, parou a fila da impressora A4.", "Somebody, or CUPS, stopped the A4 printer's queue."),
        (Both("No terminal: `cupsenable pages; cupsaccept pages`.", "On a terminal: `cupsenable pages; cupsaccept pages`."),
         NEXT),
        What.PRINTER_STOPPED,
    ),
    Fault(
        "reader-gone", Both("O leitor de cartões sumiu", "The card reader is gone"),
        "details of a document, nothing works",
        Both("O leitor saiu da tomada USB, ou o serviço pcscd parou. Serviços que pedem cartão não são oferecidos.",
             "The reader is out of its USB socket, or the service pcscd has stopped. Services that ask for a card are "
             "not offered."),
        (
            Both("Reconecte o cabo USB do leitor.", "Plug the reader's USB cable in again."),
            Both("No terminal: `totem card watch` mostra quando ele volta. Se não voltar: `systemctl restart pcscd`.",
                 "On a terminal: `totem card watch` shows it coming back. If it does not: `systemctl restart pcscd`."),
            Both("No modo técnico, toque em Testar o leitor.", "In the technician's mode, touch Test the reader."),
        ),
        What.READER_ABSENT,
    ),
    Fault(
        "card-mute", Both("O leitor não lê cartões", "The reader reads no card"), "card unreadable",
        Both("Se é um cartão só, é o cartão. Se são todos, são os contatos do leitor.",
             "If it is one card, it is that card. If it is all of them, it is the reader's contacts."),
        (
            Both("No modo técnico, toque em Testar o leitor, com o seu cartão e com outro.",
                 "In the technician's mode, touch Test the reader, with your card and with another."),
            Both("Limpe o leitor com um cartão de limpeza. Se continuar, troque o leitor.",
                 "Clean the reader with a cleaning card. If it stays so, change the reader."),
        ),
        What.CARD_MUTE,
    ),
    Fault(
        "network", Both("Sem caminho até a central", "No way to the centre"), "attract without link",
        Both("A central não foi ouvida. O que pode ser atendido sem ela continua; o resto espera ou é recusado antes do "
             "formulário.",
             "The centre was not heard. What can be served without it goes on; the rest waits or is refused before its "
             "form."),
        (
            Both("No modo técnico, toque em Testar a rede: cabo, nome, caminho, certificado, hora, central. O primeiro "
                 "passo vermelho é a causa, e a linha diz o que fazer.",
                 "In the technician's mode, touch Test the network: cable, name, way, certificate, time, centre. The "
                 "first red step is the cause, and its line says what to do."),
            Both("Sem cartão de técnico? Ajuda, Para técnicos: a tela mostra um número, a central responde com um "
                 "código (`totem central challenge KIOSK NUMBER`).",
                 "No technician's card? Help, For technicians: the screen shows a number, the centre answers with a "
                 "code (`totem central challenge KIOSK NUMBER`)."),
            NOTHING_LOST,
        ),
        What.LINK_DOWN,
    ),
    Fault(
        "certificate", Both("Outro responde pela central", "Somebody else answers for the centre"),
        "technician act, network",
        Both("Há um portal, um proxy ou um firewall que abre o TLS, ou a autoridade no totem.toml é antiga. O totem não "
             "fala com quem não é a central.",
             "There is a portal, a proxy or a firewall that opens TLS, or the authority in totem.toml is old. The kiosk "
             "speaks to nobody who is not the centre."),
        (Both("Peça à rede do local que deixe passar o endereço e a porta da central sem abri-los.",
              "Ask whoever runs the network to let the centre's address and port pass unopened."),
         Both("A central trocou de autoridade? Ponha o arquivo novo onde `[centre] ca` aponta.",
              "Has the centre a new authority? Put the new file where `[centre] ca` points.")),
        What.TLS_REFUSED,
    ),
    Fault(
        "clock", Both("O relógio não é confiável", "The clock is not to be trusted"), "",
        Both("Desde que ligou, o totem não pôde comparar a hora com a da central. Nenhum vencimento é calculado, e guias "
             "que precisam de um não saem.",
             "Since it was switched on the kiosk could not compare its time with the centre's. No due date is computed, "
             "and guides that need one are not issued."),
        (Both("Restabeleça a rede: o totem confere a hora sozinho.", "Bring the network back: the kiosk checks its time by itself."),
         Both("Se a rede funciona e o relógio não: troque a bateria do relógio e veja `timedatectl`.",
              "If the network works and the clock does not: change the clock's battery and look at `timedatectl`.")),
        What.CLOCK_DOUBTFUL,
    ),
    Fault(
        "numbers", Both("Acabaram os números", "No numbers left"), "",
        Both("As guias deste totem usam números que a central reserva para ele. Sem rede por muito tempo, eles acabam.",
             "This kiosk's guides use numbers that the centre sets aside for it. Long without a network, they run out."),
        (Both("Restabeleça a rede: a central dá mais sozinha.", "Bring the network back: the centre gives more by itself."), NEXT),
        What.NUMBERS_NONE,
    ),
    Fault(
        "not-enrolled", Both("Totem não cadastrado", "Kiosk not enrolled"), "starting",
        Both("A máquina está pronta, mas nenhuma central a conhece.", "The machine is ready, but no centre knows it."),
        (Both("Peça um token à central e cadastre a máquina; ele vale 24 horas e uma vez só.",
              "Ask the centre for a token and enrol the machine; it is good for 24 hours, and once."), NEXT),
        What.NOT_ENROLLED, ("This kiosk is getting ready",),
    ),
    Fault(
        "no-catalogue", Both("Ainda sem catálogo", "No catalogue yet"), "starting",
        Both("O totem nunca recebeu os serviços que pode oferecer.", "The kiosk has never received the services it may offer."),
        (Both("Restabeleça a rede: o catálogo vem sozinho. Teste a rede se demorar mais de cinco minutos.",
              "Bring the network back: the catalogue comes by itself. Test the network if it takes more than five minutes."),),
        What.CATALOGUE_NONE, ("This kiosk is getting ready",),
    ),
    Fault(
        "catalogue-taken-back", Both("Um catálogo falhou aqui", "A catalogue failed here"), "",
        Both("A versão nova não passou no ensaio ou no primeiro atendimento. O totem voltou à anterior e não tenta essa "
             "versão de novo.",
             "The new version failed its rehearsal or its first session. The kiosk went back to the one before, and does "
             "not try that version again."),
        (Both("Avise a central: ela publica uma versão corrigida.", "Tell the centre: it publishes a corrected version."),
         Both("Um catálogo novo se comporta mal sem falhar? Catálogo, Voltar à anterior.",
              "A new catalogue misbehaves without failing? Catalogue, Back to the one before.")),
        What.CATALOGUE_TAKEN_BACK,
    ),
    Fault(
        "program-taken-back", Both("Uma versão do programa falhou aqui", "A release of the program failed here"), "",
        Both("A versão nova foi posta em uso, e uma parte dela não ficou de pé ou deixou de alcançar o que antes "
             "alcançava. O totem voltou sozinho à anterior, atende com ela e não tenta mais esse número. Nada se perdeu.",
             "The new release was put in place, and a part of it did not stay up or no longer reached what was reached "
             "before. The kiosk went back to the one before by itself, serves with it, and does not try that number again. "
             "Nothing was lost."),
        (Both("Informe à central a palavra entre parênteses: ela diz que parte falhou (o guia do técnico as explica).",
              "Tell the centre the word in brackets: it says which part failed (the technician's guide explains them)."),
         Both("Para quem conserta o programa: `journalctl -u totem-update -u 'totem-*'` da hora da troca.",
              "For who mends the program: `journalctl -u totem-update -u 'totem-*'` of the time of the switch."),
         Both("Não instale a versão à mão: o que falhou falharia de novo.",
              "Do not install the release by hand: what failed would fail again.")),
        What.PROGRAM_TAKEN_BACK,
    ),
    Fault(
        "program-no-room", Both("Sem espaço para a próxima versão", "No room for the next release"), "",
        Both("Uma versão precisa de umas quatro vezes o seu tamanho, e de 256 MB que ficam livres. O totem atende com o que "
             "tem.",
             "A release needs some four times its size, and 256 MB that stay free. The kiosk serves with the one it has."),
        (Both("Veja o que enche o disco: `du -xh / | sort -h | tail`; `journalctl --vacuum-size=50M` libera o que é do diário.",
              "See what fills the disk: `du -xh / | sort -h | tail`; `journalctl --vacuum-size=50M` frees what is the journal's."),
         Both("Nunca apague nada de `/var/lib/totem` nem de `/opt/totem.releases`.",
              "Never delete anything of `/var/lib/totem` or `/opt/totem.releases`."),
         Both("Em até dez minutos ele tenta de novo sozinho.", "Within ten minutes it is tried again by itself.")),
        What.PROGRAM_NO_ROOM,
    ),
    Fault(
        "program-package", Both("A próxima versão precisa de um pacote", "The next release needs a package"), "",
        Both("A versão nova usa um pacote do Debian que não está nesta máquina, e uma atualização não instala pacotes. O totem "
             "atende com o que tem.",
             "The release uses a package of Debian that is not on this machine, and an update installs none. The kiosk "
             "serves with the one it has."),
        (Both("Leve um pen drive feito dessa versão (`./provision stick`) e rode `sudo ./provision` dele no totem: instala o "
              "pacote e a versão.",
              "Bring a stick made of that release (`./provision stick`) and run its `sudo ./provision` on the kiosk: it "
              "installs the package and the release."), NEXT),
        What.PROGRAM_PACKAGE,
    ),
    Fault(
        "disk", Both("Disco cheio", "Disk full"), "attract with nothing",
        Both("Com menos de 64 MB o totem não registra mais nada, e por isso não atende.",
             "With less than 64 MB the kiosk registers nothing any more, and so serves nobody."),
        (Both("No terminal: `journalctl --vacuum-size=50M`; depois procure o que enche o disco: `du -xh / | sort -h | tail`.",
              "On a terminal: `journalctl --vacuum-size=50M`; then look for what fills it: `du -xh / | sort -h | tail`."),
         Both("Nunca apague nada de `/var/lib/totem`.", "Never delete anything of `/var/lib/totem`.")),
        What.DISK_FULL,
    ),
    Fault(
        "heat", Both("Máquina quente demais", "Machine too hot"), "",
        Both("De 80 °C em diante a máquina se limita e a tela fica lenta.",
             "From 80 °C on the machine slows down, and the screen with it."),
        (Both("Limpe as aberturas e o ventilador; veja se o gabinete toma sol.",
              "Clean vents and fan; see whether the cabinet stands in the sun."), NEXT),
        What.HEAT_HIGH,
    ),
    Fault(
        "power", Both("Alimentação fraca", "Weak power supply"), "",
        Both("Um Raspberry Pi avisa que a tensão cai. Cartões de memória se estragam assim.",
             "A Raspberry Pi reports that its voltage drops. Memory cards are ruined that way."),
        (Both("Use a fonte e o cabo da própria máquina; tire o que mais se alimenta dela.",
              "Use the machine's own power supply and cable; take off whatever else feeds on it."), NEXT),
        What.POWER_LOW,
    ),
    Fault(
        "memory", Both("Pouca memória", "Little memory"), "",
        Both("Resta menos memória do que o totem precisa para não ser interrompido.",
             "Less memory is left than the kiosk needs in order not to be interrupted."),
        (Both("No modo técnico: Reiniciar, Os programas. Toda noite eles reiniciam sozinhos.",
              "In the technician's mode: Restart, The programs. Every night they restart by themselves."),
         Both("Se voltar no mesmo dia, avise a central e mande o registro em QR.",
              "If it comes back on the same day, tell the centre and send them the log as QR.")),
        What.MEMORY_LOW,
    ),
    Fault(
        "store", Both("A base local não abre", "The store does not open"), "starting",
        Both("Falta a chave, a chave é outra, ou a base é de outra versão do programa. Uma base estragada o totem põe de "
             "lado sozinho e começa outra.",
             "The key is missing or another, or the store is of another version of the program. A damaged store the "
             "kiosk puts aside by itself, and begins another."),
        (Both("Leia a linha: `totem doctor` a mostra inteira. Faça o que ela diz.",
              "Read the line: `totem doctor` shows all of it. Do what it says."),
         Both("Nunca copie a base de outro totem: dois totens dariam os mesmos códigos.",
              "Never copy a store from another kiosk: two kiosks would give the same codes.")),
        What.STORE_LOST,
    ),
    Fault(
        "queue", Both("Há muito na fila", "Much waits"), "",
        Both("Pedidos registrados esperam há mais de um dia para chegar à central.",
             "Requests that were registered have waited for more than a day to reach the centre."),
        (Both("Restabeleça a rede, depois: Fila, Enviar agora.", "Bring the network back, then: Queue, Send now."),
         NOTHING_LOST),
        What.QUEUE_OLD,
    ),
    Fault(
        "crash", Both("A tela mostra um número de falha", "The screen shows the number of a fault"), "failure",
        Both("O programa encontrou um erro. O atendimento foi apagado e o totem volta sozinho em 20 segundos. A central "
             "recebeu o número.",
             "The program met an error. The session was wiped and the kiosk comes back by itself within 20 seconds. The "
             "centre has the number."),
        (Both("Anote o número. Ele está no registro: Registro em QR, ou `journalctl -u totem-kiosk`.",
              "Note the number. It is in the log: Log as QR, or `journalctl -u totem-kiosk`."),
         Both("Volta sempre? Catálogo, Voltar à anterior, e avise a central.",
              "It keeps coming back? Catalogue, Back to the one before, and tell the centre.")),
    ),
    Fault(
        "technician-refused", Both("O cartão de técnico não abre", "The technician's card opens nothing"),
        "technician without list",
        Both("A tela diz por quê: sem lista de cartões cancelados, cartão de outro local, vencido, cancelado, ou senhas "
             "erradas demais.",
             "The screen says why: no list of cancelled cards, a card for other sites, expired, cancelled, or too many "
             "wrong PINs."),
        (Both("Sem lista: ponha `revocation.crl` do operador em `operator/` da pasta do totem.",
              "No list: put the operator's `revocation.crl` into `operator/` of the kiosk's folder."),
         Both("Senhas erradas: espere o tempo que a tela diz. O público não é afetado.",
              "Wrong PINs: wait as long as the screen says. Citizens are not affected.")),
        What.TECHNICIANS_NO_LIST,
    ),
    Fault(
        "touch", Both("O toque cai no lugar errado", "Touches land in the wrong place"), "technician touch",
        Both("O painel está descalibrado, ou uma parte dele não sente.", "The panel is out of calibration, or a part of it feels nothing."),
        (Both("Um teclado USB serve enquanto isso: Tab anda, Enter escolhe.", "A USB keyboard serves meanwhile: Tab moves, Enter chooses."),
         Both("No modo técnico: Testar o toque. Um campo que não acende está morto: troque o painel. Acende o vizinho? "
              "Calibrar.",
              "In the technician's mode: Test the touch. A field that does not light up is dead: change the panel. Its "
              "neighbour lights up? Calibrate.")),
        What.TOUCH_UNEVEN,
    ),
    Fault(
        "sound", Both("Não se ouve nada", "Nothing is heard"), "",
        Both("Falta o programa da voz, o alto-falante, ou o volume da placa de som está em zero.",
             "The voice's program or the loudspeaker is missing, or the mixer of the sound card is at zero."),
        (Both("No modo técnico: Testar o som.", "In the technician's mode: Test the sound."),
         Both("No terminal: `totem speech say Teste` e `alsamixer`.", "On a terminal: `totem speech say Test` and `alsamixer`.")),
        What.SOUND_MISSING,
    ),
)
