"""Where a request is, as papers, pages and screens say it in four languages. An unknown state is work under way."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.catalog.model import Language


@dataclass(frozen=True)
class StatusWords:
    """`states`: what a ticket's state is called; the others stand on the printed status."""

    title: str
    code: str
    service: str
    situation: str
    asked: str
    history: str
    unknown_time: str
    note: str
    states: dict[str, str]
    under_way: str

    def state(self, name: str) -> str:
        return self.states.get(name, self.under_way)


def words(language: Language) -> StatusWords:
    """The texts of one language."""
    return _STATUS[language]


_STATUS = {
    Language.PT_BR: StatusWords(
        title="SITUAÇÃO DO PEDIDO",
        code="Código",
        service="Serviço",
        situation="Situação",
        asked="Consultado",
        history="O que já aconteceu",
        unknown_time="hora incerta",
        note="Este papel não traz nomes nem a senha. Para ver de novo: código e senha, num totem ou na página.",
        states={
            "registered": "Registrado", "received": "Recebido", "forwarded": "Encaminhado",
            "in-progress": "Em andamento", "answered": "Respondido", "closed": "Encerrado",
            "ready": "Pronto", "refused": "Recusado",
        },
        under_way="Em andamento",
    ),
    Language.ES: StatusWords(
        title="ESTADO DE SU SOLICITUD",
        code="Código",
        service="Servicio",
        situation="Estado",
        asked="Consultado",
        history="Qué ha pasado ya",
        unknown_time="hora no segura",
        note="Este papel no lleva nombres ni clave. Para verlo otra vez: código y clave, en un tótem o en la página.",
        states={
            "registered": "Registrada", "received": "Recibida", "forwarded": "Enviada al servicio",
            "in-progress": "En trámite", "answered": "Respondida", "closed": "Cerrada",
            "ready": "Lista", "refused": "Denegada",
        },
        under_way="En trámite",
    ),
    Language.IT: StatusWords(
        title="STATO DELLA RICHIESTA",
        code="Codice",
        service="Servizio",
        situation="Stato",
        asked="Consultata il",
        history="Che cosa è già successo",
        unknown_time="ora non certa",
        note="Su questo foglio non ci sono nomi né il PIN. Per rivederla: codice e PIN, a un totem o sulla pagina.",
        states={
            "registered": "Registrata", "received": "Ricevuta", "forwarded": "Inoltrata",
            "in-progress": "In lavorazione", "answered": "Risposta data", "closed": "Chiusa",
            "ready": "Pronta", "refused": "Respinta",
        },
        under_way="In lavorazione",
    ),
    Language.EN: StatusWords(
        title="STATUS OF YOUR REQUEST",
        code="Code",
        service="Service",
        situation="Status",
        asked="Asked",
        history="What has happened so far",
        unknown_time="time not certain",
        note="This paper carries no names and no PIN. To see it again: code and PIN, at a kiosk or on the page.",
        states={
            "registered": "Registered", "received": "Received", "forwarded": "Passed on",
            "in-progress": "In progress", "answered": "Answered", "closed": "Closed",
            "ready": "Ready", "refused": "Refused",
        },
        under_way="In progress",
    ),
}
