// XML: DOM, SAX, StAX and XPath over one document, a transformation back to text, and errors with positions.
import java.io.*;
import javax.xml.parsers.*;
import javax.xml.stream.*;
import javax.xml.transform.*;
import javax.xml.transform.dom.*;
import javax.xml.transform.stream.*;
import javax.xml.xpath.*;
import org.w3c.dom.*;
import org.xml.sax.*;
import org.xml.sax.helpers.DefaultHandler;

public class XmlProcessing {
    public static void main(String[] args) throws Exception {
        String xml = "<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY e \"entity\">]><r a='1' xmlns:n='urn:n'><!-- c --><i id=\"x\">one &amp; &e;</i><n:i>two</n:i><![CDATA[<raw>]]><?pi data?><deep><i>three</i></deep></r>"; Document d = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(xml))); NodeList l = d.getElementsByTagName("i"); System.out.println(l.getLength() + " " + l.item(0).getTextContent() + " " + d.getDocumentElement().getAttribute("a") + " " + d.getDocumentElement().getChildNodes().getLength()); XPath x = XPathFactory.newInstance().newXPath(); System.out.println(x.evaluate("//deep/i", d) + " " + x.evaluate("count(//i)", d) + " " + x.evaluate("concat(/r/@a, '-', string-length(//i[@id='x']))", d)); Element n = d.createElement("added"); n.setAttribute("k", "<\">"); n.appendChild(d.createTextNode("t&t")); d.getDocumentElement().appendChild(n); Transformer t = TransformerFactory.newInstance().newTransformer(); t.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes"); StringWriter w = new StringWriter(); t.transform(new DOMSource(d.getDocumentElement()), new StreamResult(w)); System.out.println(w);
        StringBuilder b = new StringBuilder(); SAXParserFactory.newInstance().newSAXParser().parse(new InputSource(new StringReader(xml)), new DefaultHandler() { @Override public void startElement(String u, String ln, String q, Attributes a) { b.append('<').append(q).append(a.getLength()); } @Override public void endElement(String u, String ln, String q) { b.append('>'); } @Override public void characters(char[] c, int s, int len) { b.append(len); } }); System.out.println(b); XMLStreamReader r = XMLInputFactory.newInstance().createXMLStreamReader(new StringReader("<a><b c='d'>text</b></a>")); while (r.hasNext()) System.out.print(r.next() + " "); System.out.println(); StringWriter sw = new StringWriter(); XMLStreamWriter xw = XMLOutputFactory.newInstance().createXMLStreamWriter(sw); xw.writeStartElement("q"); xw.writeAttribute("z", "1"); xw.writeCharacters("<>"); xw.writeEndElement(); xw.flush(); System.out.println(sw); try { DocumentBuilder db = DocumentBuilderFactory.newInstance().newDocumentBuilder(); db.setErrorHandler(new DefaultHandler()); db.parse(new ByteArrayInputStream("<a>\n<b></a>".getBytes())); } catch (SAXParseException e) { System.out.println(e.getLineNumber() + ":" + e.getColumnNumber() + " " + e.getMessage()); }
    }
}
