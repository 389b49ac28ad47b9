//! What the app shows.

use intercom_v2_15::Attributes;
use intercom_v2_15::canvas_kit::{
    Canvas, CanvasButton, CanvasButtonStyle, CanvasComponent, CanvasContent, CanvasDropdown, CanvasEvent, CanvasOption,
    CanvasRequest, CanvasResponse, CanvasSheetAction, CanvasSubmitAction, CanvasText, CanvasTextStyle, Surface,
};

use crate::{App, Time};

/// The key of the chosen time, both in the input of a canvas and in the values of a sheet.
pub(crate) const TIME: &str = "time";
/// The button that begins again.
pub(crate) const AGAIN: &str = "again";

impl App {
    /// Asks for a time, in the sheet where there are sheets.
    pub(crate) fn choice(&self, request: &CanvasRequest, surface: Surface, complaint: Option<&str>) -> CanvasResponse {
        let contact = request.contact.as_ref().or(request.customer.as_ref());
        let greeting = match contact.and_then(|contact| contact.name.as_deref()) {
            Some(name) => format!("Book an appointment for *{name}*."),
            None => "Book an appointment.".to_owned(),
        };
        let mut components: Vec<CanvasComponent> = vec![CanvasText::new(greeting).into()];
        components.extend(complaint.map(|text| CanvasText::new(text).style(CanvasTextStyle::Error).into()));
        if surface == Surface::Messenger {
            let open = CanvasSheetAction::new(&self.sheet_url);
            components.push(CanvasButton::new("open", "Choose a time", open).into());
        } else {
            let times = self.times.iter().map(|time| CanvasOption::new(&time.id, &time.text));
            components.push(CanvasDropdown::new(TIME, times).label("Time").into());
            components.push(CanvasButton::new("book", "Book", CanvasSubmitAction::new()).into());
        }
        CanvasResponse::new().canvas(Canvas::new().content(CanvasContent::new(components)))
    }

    /// Confirms a time, which Intercom keeps with the canvas.
    pub(crate) fn confirmed(&self, time: &Time) -> CanvasResponse {
        let components: [CanvasComponent; 3] = [
            CanvasText::new("Your appointment").style(CanvasTextStyle::Header).into(),
            CanvasText::new(format!("We meet on *{}*.", time.text)).into(),
            CanvasButton::new(AGAIN, "Choose another time", CanvasSubmitAction::new())
                .style(CanvasButtonStyle::Link)
                .into(),
        ];
        let kept = Attributes::new().with(TIME, time.id.as_str());
        let canvas = Canvas::new().content(CanvasContent::new(components)).stored_data(kept);
        CanvasResponse::new().canvas(canvas).event(CanvasEvent::new())
    }
}
